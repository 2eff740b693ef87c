import type { ResolveAnswer } from '@patgate/contracts'
import type { RoleLadder } from '@patgate/domain'
import type { ConnectionRow, Ending } from '../database/channel-tables.ts'
import { decideOnClient } from './decide-on-client.ts'

type Reviewed = Pick<ConnectionRow, 'actor' | 'publish' | 'subscribe' | 'ends_at'>

/**
 * What a change means for a client that is connected. NATS gives rights at the beginning of a connection, so one whose
 * rights are others now, less or more, is ended: it comes back by itself, and has them.
 */
export function reviewConnection(
  row: Reviewed,
  answer: ResolveAnswer,
  { ladder, nowMs }: { readonly ladder: RoleLadder; readonly nowMs: number }
): Ending | 'unchanged' {
  const sessionMaxMs = Number.POSITIVE_INFINITY
  const decision = decideOnClient(row.actor.address ?? '', answer, { ladder, sessionMaxMs, nowMs })
  if (!decision.admitted) return endingFor(answer)
  const { grant, endsAtMs } = decision
  if (!isWithin(row.publish, grant.publish) || !isWithin(row.subscribe, grant.subscribe)) return 'narrowed'
  // The server would end it by a user JWT that was made for a later end.
  if (endsAtMs < row.ends_at.getTime()) return 'narrowed'
  const isSame = isWithin(grant.publish, row.publish) && isWithin(grant.subscribe, row.subscribe)
  return isSame ? 'unchanged' : 'widened'
}

/** A token that is still good for something has lost its rights on channels, or its place in the network. */
function endingFor(answer: ResolveAnswer): Ending {
  if (answer.valid) return 'narrowed'
  return answer.refusal === 'expired' ? 'expired' : 'revoked'
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((subject) => all.includes(subject))
}
