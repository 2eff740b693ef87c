import type { Grant } from '../decision/authorise.ts'

/**
 * Why the gateway ends an open stream. `revoked`, `expired`, `narrowed`: the right is lost, altogether, by time, or for
 * this stream alone. `unconfirmed`: nobody could say for too long whether it is. `shutdown`: this process ends.
 */
export type CutReason = 'revoked' | 'expired' | 'narrowed' | 'unconfirmed' | 'shutdown'

/** What kinds of streams there are, as metrics name them. */
export const STREAM_KINDS = ['websocket', 'exchange', 'channel_websocket', 'channel_sse'] as const
export type StreamKind = (typeof STREAM_KINDS)[number]

/** A connection that goes on after its decision: a WebSocket, a stream of events, a long exchange. */
export interface OpenStream {
  /** What it was opened with. */
  readonly grant: Grant
  readonly kind: StreamKind
  /** True for what never ends by itself, and has to be ended when the process does. */
  readonly isEndless: boolean
  /** From now on nothing is delivered and nothing accepted; what waits is bounded. Called once until `release`. */
  hold(): void
  /** It goes on where it was held. */
  release(): void
  /** Ends it: nothing of what was held is delivered. Called once, and nothing after it. */
  cut(reason: CutReason): void
}

/** What a close frame says of each reason (RFC 6455, section 7.4). */
export const CLOSE_CODES: Readonly<Record<CutReason, number>> = {
  revoked: 1008,
  expired: 1008,
  narrowed: 1008,
  unconfirmed: 1013,
  shutdown: 1012
}
