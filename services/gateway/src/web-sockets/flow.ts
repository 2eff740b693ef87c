import type { Duplex } from 'node:stream'
import { FrameBoundaries } from './frame-boundaries.ts'

/** One direction of a tunnel: bytes as they come, with backpressure, and not one while it is held. */
export class Flow {
  readonly boundaries = new FrameBoundaries()
  readonly #source: Duplex
  readonly #sink: Duplex
  readonly #mayPass: () => boolean
  /** The piece that was on its way when nothing might pass any more; the rest waits with whoever sends it. */
  #kept: Buffer | null = null
  #isHeld = false
  #isFull = false
  #isEnding = false

  constructor(source: Duplex, sink: Duplex, mayPass: () => boolean) {
    this.#source = source
    this.#sink = sink
    this.#mayPass = mayPass
  }

  start(): void {
    this.#source.on('data', this.#onData)
    this.#source.on('end', this.#onEnd)
    this.#sink.on('drain', this.#onDrain)
  }

  hold(): void {
    this.#isHeld = true
    this.#source.pause()
  }

  release(): void {
    this.#isHeld = false
    this.#goOn()
  }

  /** Nothing passes any more; what still comes is thrown away. */
  stop(): void {
    this.#kept = null
    this.#source.off('data', this.#onData)
    this.#source.off('end', this.#onEnd)
    this.#sink.off('drain', this.#onDrain)
    this.#source.resume()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isHeld || !this.#mayPass()) {
      this.#kept = chunk
      this.#source.pause()
    } else {
      this.#pass(chunk)
    }
  }

  readonly #onDrain = (): void => {
    this.#isFull = false
    this.#goOn()
  }

  readonly #onEnd = (): void => {
    this.#isEnding = true
    this.#goOn()
  }

  #goOn(): void {
    if (this.#isHeld) return
    const kept = this.#kept
    this.#kept = null
    if (kept !== null) this.#pass(kept)
    if (this.#isEnding) this.#sink.end()
    else if (!this.#isFull) this.#source.resume()
  }

  #pass(chunk: Buffer): void {
    this.boundaries.pass(chunk)
    this.#isFull = !this.#sink.write(chunk)
    if (this.#isFull) this.#source.pause()
  }
}
