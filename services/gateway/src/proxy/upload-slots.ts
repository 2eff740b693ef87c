import type { Readable } from 'node:stream'
import { Fault } from '@patgate/service-kit'

/**
 * Bodies that are still on their way keep an upstream's connection for as long as their clients please. Only a part of its
 * connections is for them, so that slow clients cannot keep the others from it.
 */
export class UploadSlots {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(capacity: number) {
    this.#free = capacity
  }

  /**
   * Resolves when the body may go to the upstream; it gives its slot back when it closes. Throws what broke the body
   * meanwhile, and `unavailable` when none was free for so long.
   */
  async take(body: Readable, withinMs: number): Promise<void> {
    if (this.#free === 0) await this.#wait(body, withinMs)
    else this.#free--
    if (body.closed) this.#release()
    else body.once('close', () => this.#release())
  }

  #wait(body: Readable, withinMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const enter = (): void => {
      clearTimeout(timer)
      body.off('close', leave)
      resolve()
    }
    const leave = (): void => {
      clearTimeout(timer)
      body.off('close', leave)
      this.#waiting.delete(enter)
      reject(body.errored ?? new Fault('unavailable', { message: 'too many slow uploads to this upstream' }))
    }
    const timer = setTimeout(leave, withinMs)
    body.once('close', leave)
    this.#waiting.add(enter)
    return promise
  }

  /** The slot goes to whoever waits longest. */
  #release(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#free++
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
