import type { IncomingMessage } from 'node:http'
import { Transform, type TransformCallback } from 'node:stream'
import { Fault } from '@patgate/service-kit'

export interface BodyBounds {
  readonly maxBytes: number
  /** How long the client may take, beyond what its bytes take at `SLOWEST_BYTES_PER_S`. */
  readonly withinMs: number
}

/** What a client has to send at least, on average. */
const SLOWEST_BYTES_PER_S = 1024
const CHECKED_EVERY_MS = 1_000
/** So much, or so long, a body is waited for before it takes one of the upstream's connections. */
const BEGINNING_BYTES = 16 * 1024
const BEGINNING_MS = 200

/**
 * Passes a request's body on, as a stream of its own: the HTTP client destroys the stream it is given when an exchange ends
 * early; were that the request itself, the client's connection would go with it, and our answer too. It breaks with
 * `too_large` beyond its limit, and with `invalid_request` when the client is too slow. It can be held back.
 */
export class BodyMeter extends Transform {
  readonly #request: IncomingMessage
  readonly #bounds: BodyBounds
  readonly #begun = Promise.withResolvers<void>()
  readonly #check: NodeJS.Timeout
  #bytes = 0
  #waitedMs = 0
  #isHeld = false
  #mayPass: () => boolean = () => true
  /** Passes on what came while it was held. */
  #passOn: (() => void) | null = null

  constructor(request: IncomingMessage, bounds: BodyBounds) {
    super()
    this.#request = request
    this.#bounds = bounds
    this.#check = setInterval(() => this.#checkPace(), CHECKED_EVERY_MS)
    // Whoever reads the meter learns of its errors; without a listener here one that comes late would end the process.
    this.on('error', () => undefined)
    request.once('close', () => {
      if (!request.complete) this.destroy(new Fault('invalid_request', { message: 'the client left before its end' }))
    })
    this.once('close', () => {
      clearInterval(this.#check)
      this.#begun.resolve()
      // What the upstream does not want must still be read, or the client could not see the answer.
      request.unpipe(this).resume()
    })
    request.pipe(this)
  }

  /** Waits a little for the body: most are complete then, and need the upstream's connection for no time but their own. */
  async beginning(): Promise<void> {
    const timer = setTimeout(this.#begun.resolve, BEGINNING_MS)
    await this.#begun.promise
    clearTimeout(timer)
    if (this.errored !== null) throw this.errored
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
    this.#bytes += chunk.length
    if (this.#bytes >= BEGINNING_BYTES) this.#begun.resolve()
    if (this.#bytes > this.#bounds.maxBytes) done(tooLarge())
    else if (this.#isHeld || !this.#mayPass()) this.#passOn = () => done(null, chunk)
    else done(null, chunk)
  }

  override _flush(done: TransformCallback): void {
    clearInterval(this.#check)
    this.#begun.resolve()
    done()
  }

  /** The client is not to blame for the time in which the upstream does not read. */
  #checkPace(): void {
    if (this.#request.isPaused()) return
    this.#waitedMs += CHECKED_EVERY_MS
    const allowedMs = this.#bounds.withinMs + (this.#bytes / SLOWEST_BYTES_PER_S) * 1000
    if (this.#waitedMs > allowedMs) this.destroy(tooSlow())
  }
}

/** Null for a request without a body. Throws `too_large` for one that announces more than it may have. */
export function meteredBody(request: IncomingMessage, bounds: BodyBounds): BodyMeter | null {
  const length = declaredLength(request)
  if (request.headers['transfer-encoding'] === undefined && length === 0) return null
  if (length > bounds.maxBytes) throw tooLarge()
  return new BodyMeter(request, bounds)
}

/** In bytes; 0 where the request does not say. */
export function declaredLength(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0)
}

export function tooLarge(): Fault {
  return new Fault('too_large', { detail: 'The body is larger than this route accepts' })
}

/** The rest of such a request, should it come, must not be taken for the beginning of another one. */
export function tooSlow(): Fault {
  return new Fault('invalid_request', { detail: 'The body did not come in time', headers: { connection: 'close' } })
}
