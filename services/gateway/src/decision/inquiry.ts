import type { IncomingHttpHeaders } from 'node:http'

/**
 * A request as it is decided on, whichever way it came: through the proxy, or in the words of somebody else's proxy.
 * Nothing that is not in here has a part in a decision.
 */
export interface Inquiry {
  readonly method: string
  /** Canonical, without the query. */
  readonly path: string
  /** With its `?`, or empty; only GraphQL by GET reads it. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
  /** The client's own address; null where nobody who is trusted names one. */
  readonly address: string | null
  /** Complete; null where no decision depends on it (`needsBody`). */
  readonly body: Uint8Array | null
  /** False behind a proxy, which keeps `Upgrade` to itself: then any GET may become a WebSocket. */
  readonly showsUpgrade: boolean
}
