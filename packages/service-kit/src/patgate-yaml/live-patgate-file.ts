import type { PatgateFile } from './patgate-file.ts'

/**
 * `patgate.yaml` as it is in force now. Whoever works out something from it once, instead of for each request, does so by
 * `derive`: then all of it changes at the same moment, and a request that has taken its part meets nothing half changed.
 */
export class LivePatgateFile {
  #current: PatgateFile
  readonly #preparations: ((file: PatgateFile) => () => void)[] = []
  readonly #listeners: ((file: PatgateFile) => void)[] = []

  constructor(first: PatgateFile) {
    this.#current = first
  }

  get current(): PatgateFile {
    return this.#current
  }

  /** Answers a reader of what `compile` makes of the file in force; it is made once for each file. */
  derive<T>(compile: (file: PatgateFile) => T): () => T {
    let value = compile(this.#current)
    this.#preparations.push((file) => {
      const next = compile(file)
      return () => {
        value = next
      }
    })
    return () => value
  }

  /** Calls back after each change, to let go of what only the last file needed. */
  onChange(listener: (file: PatgateFile) => void): void {
    this.#listeners.push(listener)
  }

  /** Puts another file in force, as a whole or not at all: what cannot be derived from it throws, and nothing has changed. */
  replace(file: PatgateFile): void {
    const commits = this.#preparations.map((prepare) => prepare(file))
    this.#current = file
    for (const commit of commits) commit()
    for (const listener of this.#listeners) listener(file)
  }
}
