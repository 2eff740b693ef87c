/** An answer under way. */
export interface Reader {
  /** How long its client may stop reading. */
  readonly patienceMs: number
  /** Ends the answer before its end. */
  breakOff(): void
}

const CHECKED_EVERY_MS = 250
/** How long a client may keep a connection waiting that others wait for. */
const SHORT_PATIENCE_MS = 1_000

/** Clients that do not read what their upstream has to say, and so keep its connections from others. */
export class SlowReaders {
  readonly #since = new Map<Reader, number>()
  readonly #areOthersWaiting: () => boolean
  #timer: NodeJS.Timeout | null = null

  constructor(areOthersWaiting: () => boolean) {
    this.#areOthersWaiting = areOthersWaiting
  }

  add(reader: Reader): void {
    this.#since.set(reader, performance.now())
    this.#timer ??= setInterval(() => this.#check(), CHECKED_EVERY_MS).unref()
  }

  remove(reader: Reader): void {
    this.#since.delete(reader)
  }

  #check(): void {
    if (this.#since.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer)
      this.#timer = null
    }
    const nowMs = performance.now()
    const isShort = this.#areOthersWaiting()
    for (const [reader, sinceMs] of this.#since) {
      if (nowMs - sinceMs <= (isShort ? Math.min(SHORT_PATIENCE_MS, reader.patienceMs) : reader.patienceMs)) continue
      this.#since.delete(reader)
      reader.breakOff()
    }
  }
}
