import type { Keys } from '@patgate/coherence'
import type { Grant } from '../decision/authorise.ts'
import type { Principal } from '../verify/principal.ts'
import { digestOf } from '../verify/verifier.ts'

/** Everything by which a change may touch a stream: the same as for the answer in memory that it was decided by. */
export function keysOf({ credential }: Grant, { owner, sessionId, groups }: Principal): Keys {
  return { digest: digestOf(credential), ownerId: owner.id, sessionId, groups }
}

/** When a stream ends by the clock alone: with its token, or when the policy of its group finds that too old. */
export function endOf({ claim }: Grant, principal: Principal): number {
  const ends = claim.asks.map(({ group }) => principal.cappedFromMs(group))
  return Math.min(principal.expiresAtMs ?? Number.POSITIVE_INFINITY, ...ends)
}
