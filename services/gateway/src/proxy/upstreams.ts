import { Pool } from 'undici'

const CONNECT_WITHIN_MS = 5_000
const MAX_RESPONSE_HEADER_BYTES = 64 * 1024

/** A peer that requests may be forwarded to: one pool of connections. */
export class UpstreamPool {
  readonly name: string
  readonly origin: string
  readonly pool: Pool
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
