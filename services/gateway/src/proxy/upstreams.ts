import type { IncomingMessage } from 'node:http'
import { Pool } from 'undici'
import { type BodyBounds, type BodyMeter, meteredBody } from './body-meter.ts'
import { SlowReaders } from './slow-readers.ts'
import { UploadSlots } from './upload-slots.ts'

const CONNECT_WITHIN_MS = 5_000
const MAX_RESPONSE_HEADER_BYTES = 64 * 1024

/** A peer that requests may be forwarded to: one pool of connections. */
export class UpstreamPool {
  readonly name: string
  readonly origin: string
  readonly pool: Pool
  readonly slowReaders: SlowReaders
  readonly #uploads: UploadSlots
  #users = 0
  #isRetired = false

  /** Opens no connection yet: an upstream that is down neither delays nor fails the start. */
  constructor(name: string, origin: string, connections: number) {
    this.name = name
    this.origin = origin
    this.pool = new Pool(origin, {
      connections,
      // Pipelining would let one slow answer delay another caller's.
      pipelining: 1,
      connect: { timeout: CONNECT_WITHIN_MS },
      maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
      allowH2: false
    })
    this.slowReaders = new SlowReaders(() => this.pool.stats.queued > 0)
    this.#uploads = new UploadSlots(Math.max(1, Math.floor(connections / 2)))
  }

  /**
   * The body of a request, when it may be forwarded here; null where it has none. Throws `too_large`, and `invalid_request`
   * for a client that is too slow.
   */
  async receive(request: IncomingMessage, bounds: BodyBounds): Promise<BodyMeter | null> {
    const body = meteredBody(request, bounds)
    if (body === null || request.complete) return body
    try {
      await body.beginning()
      if (!request.complete) await this.#uploads.take(body, bounds.withinMs)
      return body
    } catch (error) {
      body.destroy()
      throw error
    }
  }

  /** Says that a request may yet be dispatched here; `end` has to follow once, when it is over. */
  begin(): void {
    this.#users++
  }

  readonly end = (): void => {
    this.#users--
    this.#closeWhenUnused()
  }

  /** Serves whom it serves, and then closes its connections. */
  retire(): void {
    this.#isRetired = true
    this.#closeWhenUnused()
  }

  /** Closes all connections at once. */
  async destroy(): Promise<void> {
    await this.pool.destroy()
  }

  #closeWhenUnused(): void {
    if (this.#isRetired && this.#users === 0 && !this.pool.closed) void this.pool.close()
  }
}
