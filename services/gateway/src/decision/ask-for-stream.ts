import { Fault } from '@patgate/service-kit'
import type { Carrier } from '../credentials/credential.ts'
import type { Protection } from '../routing/compile-route.ts'
import type { Inquiry } from './inquiry.ts'

/** True for a request that would become a WebSocket. The guard has seen to it that it is a whole handshake. */
export function isUpgrade({ showsUpgrade, headers }: Inquiry): boolean {
  return showsUpgrade && headers.upgrade !== undefined
}

/** Refuses an upgrade that its route does not admit; a public one admits none. */
export function refuseUpgrade({ headers }: Inquiry, protection: Protection | null): void {
  if (headers.upgrade === undefined || (protection !== null && protection.access.websocket !== null)) return
  throw new Fault('invalid_request', { detail: 'This route admits no upgrades' })
}

/**
 * The query of a request that opens a stream, where a credential may be in it; null for every other. Behind somebody
 * else's proxy it is never looked at: nobody would keep it from the upstream.
 */
export function streamQueryOf(inquiry: Inquiry): string | null {
  const isStream = isUpgrade(inquiry) || (inquiry.showsUpgrade && acceptsEvents(inquiry))
  return isStream ? inquiry.query : null
}

/**
 * True for a WebSocket that a foreign page opens with the cookie of its visitor (security-cases.md, W2). A token that
 * the page itself had to know is not bound to an origin.
 */
export function isForeign(inquiry: Inquiry, carrier: Carrier, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = inquiry.headers
  if (carrier.kind !== 'cookie' || !isUpgrade(inquiry) || origin === undefined) return false
  const isOwn = URL.canParse(origin) && new URL(origin).host === host
  return !isOwn && !allowedOrigins.includes(origin)
}

/** A browser's `EventSource` can set no header either. */
function acceptsEvents({ method, headers }: Inquiry): boolean {
  return method === 'GET' && headers.accept?.toLowerCase().includes('text/event-stream') === true
}
