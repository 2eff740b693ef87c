/** Works on each item that is added, on so many at a time; an item that waits, or is worked on, is not added again. */
export class BoundedQueue<T> {
  readonly #most: number
  readonly #work: (item: T) => Promise<void>
  readonly #waiting = new Set<T>()
  readonly #busy = new Set<T>()

  /** `work` must not reject. */
  constructor(most: number, work: (item: T) => Promise<void>) {
    this.#most = most
    this.#work = work
  }

  add(item: T): void {
    if (this.#busy.has(item)) return
    this.#waiting.add(item)
    this.#workOnNext()
  }

  /** Forgets an item that waits. */
  delete(item: T): void {
    this.#waiting.delete(item)
  }

  #workOnNext(): void {
    const [next] = this.#waiting
    if (next === undefined || this.#busy.size >= this.#most) return
    this.#waiting.delete(next)
    this.#busy.add(next)
    void this.#work(next).finally(() => {
      this.#busy.delete(next)
      this.#workOnNext()
    })
  }
}
