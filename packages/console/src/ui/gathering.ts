import { useEffect, useState, useSyncExternalStore } from 'react'

/** What is on the screen of a stream, and what waits behind it. */
export interface Gathered<Item> {
  /** Newest first. */
  readonly items: readonly Item[]
  readonly isPaused: boolean
  /** How many came since it was paused. */
  readonly waiting: number
}

const GATHERED_FOR_MS = 100

/**
 * Items of a stream, for a page. However many come, the page is drawn ten times a second at most, because they are gathered
 * until then: nobody reads faster, and whatever else the page does has time. While it is paused they wait, and what is on the screen stays where it is. The newest `most` are kept.
 */
export class Gathering<Item> {
  readonly #most: number
  readonly #listeners = new Set<() => void>()
  #waiting: Item[] = []
  #timer = 0
  #snapshot: Gathered<Item> = { items: [], isPaused: false, waiting: 0 }

  constructor(most: number) {
    this.#most = most
  }

  push(item: Item): void {
    this.#waiting.push(item)
    if (this.#waiting.length > this.#most) this.#waiting.shift()
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0
      this.#show(this.#snapshot.isPaused)
    }, GATHERED_FOR_MS)
  }

  readonly setPaused = (isPaused: boolean): void => this.#show(isPaused)

  readonly clear = (): void => {
    this.#waiting = []
    this.#tell({ ...this.#snapshot, items: [], waiting: 0 })
  }

  close(): void {
    window.clearTimeout(this.#timer)
    this.#timer = 0
  }

  readonly snapshot = (): Gathered<Item> => this.#snapshot

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #show(isPaused: boolean): void {
    if (isPaused) {
      this.#tell({ ...this.#snapshot, isPaused, waiting: this.#waiting.length })
      return
    }
    const items = [...this.#waiting.toReversed(), ...this.#snapshot.items].slice(0, this.#most)
    this.#waiting = []
    this.#tell({ items, isPaused, waiting: 0 })
  }

  #tell(snapshot: Gathered<Item>): void {
    this.#snapshot = snapshot
    for (const listener of this.#listeners) listener()
  }
}

export function useGathering<Item>(most: number): Gathered<Item> & { readonly gathering: Gathering<Item> } {
  const [gathering] = useState(() => new Gathering<Item>(most))
  const snapshot = useSyncExternalStore(gathering.subscribe, gathering.snapshot)
  useEffect(() => () => gathering.close(), [gathering])
  return { ...snapshot, gathering }
}
