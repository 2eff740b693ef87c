import { Pool } from 'undici'

/** A peer that requests may be forwarded to: one pool of connections. */
export interface UpstreamPool {
  readonly name: string
  readonly origin: string
  readonly pool: Pool
}

const CONNECT_WITHIN_MS = 5_000
const MAX_RESPONSE_HEADER_BYTES = 64 * 1024

/** Opens no connection yet: an upstream that is down neither delays nor fails the start. */
export function openUpstream(name: string, origin: string, connections: number): UpstreamPool {
  const pool = new Pool(origin, {
    connections,
    // Pipelining would let one slow answer delay another caller's.
    pipelining: 1,
    connect: { timeout: CONNECT_WITHIN_MS },
    maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
    allowH2: false
  })
  return { name, origin, pool }
}
