import type { IncomingMessage } from 'node:http'
import { Transform, type TransformCallback } from 'node:stream'
import { Fault } from '@patgate/service-kit'

/** Passes a request's body on and counts it: beyond the limit it breaks with `too_large`. It can be held back. */
export class BodyMeter extends Transform {
  #left: number
  #isHeld = false
  #mayPass: () => boolean = () => true
  /** Passes on what came while it was held. */
  #passOn: (() => void) | null = null

  constructor(maxBytes: number) {
    super()
    this.#left = maxBytes
  }

  /** Asks of every piece, before it comes out; whoever says no holds, and releases later. */
  onlyWhile(mayPass: () => boolean): void {
    this.#mayPass = mayPass
  }

  /** From now on nothing comes out, and by backpressure soon nothing goes in. */
  hold(): void {
    this.#isHeld = true
  }

  release(): void {
    this.#isHeld = false
    const passOn = this.#passOn
    this.#passOn = null
    passOn?.()
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#left -= chunk.length
    if (this.#left < 0) done(tooLarge())
    else if (this.#isHeld || !this.#mayPass()) this.#passOn = () => done(null, chunk)
    else done(null, chunk)
  }
}

/**
 * The body as a stream of its own, or null when there is none. The HTTP client destroys the stream it is given when
 * an exchange ends early; were that the request itself, the client's connection would go with it, and our answer too.
 */
export function meteredBody(request: IncomingMessage, maxBytes: number): BodyMeter | null {
  const length = declaredLength(request)
  if (request.headers['transfer-encoding'] === undefined && length === 0) return null
  if (length > maxBytes) throw tooLarge()
  const meter = new BodyMeter(maxBytes)
  request.once('close', () => {
    if (!request.complete) meter.destroy(new Error('the client left before its body was complete'))
  })
  // Whoever reads the meter learns of its errors; without a listener here one that comes late would end the process.
  meter.on('error', () => undefined)
  // What the upstream does not want must still be read, or the client could not see the answer.
  meter.once('close', () => request.unpipe(meter).resume())
  return request.pipe(meter)
}

/** In bytes; 0 where the request does not say. */
export function declaredLength(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0)
}

export function tooLarge(): Fault {
  return new Fault('too_large', { detail: 'The body is larger than this route accepts' })
}
