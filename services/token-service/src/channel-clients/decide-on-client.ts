import type { RefusedIdentity, ResolveAnswer, Snapshot } from '@patgate/contracts'
import type { RoleLadder } from '@patgate/domain'
import { isAllowedFrom } from '../tokens/allowed-addresses.ts'
import { type ChannelGrant, channelGrantOf } from './channel-grant.ts'

/** A client that may enter, with these rights until then. */
export interface Admission {
  readonly admitted: true
  readonly tokenId: string
  readonly snapshot: Snapshot
  readonly grant: ChannelGrant
  readonly endsAtMs: number
  /** The point of the change log at which all this was so. */
  readonly asOf: number
}

/** A client that may not; the reason is for logs and events alone. */
export interface Refusal {
  readonly admitted: false
  readonly reason: string
  /** Whose the token is, where it is somebody's. */
  readonly identity: RefusedIdentity | null
}

export interface Circumstances {
  readonly ladder: RoleLadder
  /** The longest that a right may outlive its end while nobody can be told of it. */
  readonly sessionMaxMs: number
  readonly nowMs: number
}

/** Rights end at whole seconds: one that ends within this one is over. */
const SHORTEST_MS = 1000

/** What a client with this token may do now, from where it is; the same for one that asks to enter and one that is in. */
export function decideOnClient(
  address: string,
  answer: ResolveAnswer,
  circumstances: Circumstances
): Admission | Refusal {
  if (!answer.valid) return { admitted: false, reason: answer.refusal, identity: answer.identity }
  const { snapshot, as_of: asOf } = answer
  const { ladder, sessionMaxMs, nowMs } = circumstances
  const { owner, token_id: tokenId } = snapshot
  const refuse = (reason: string): Refusal => {
    return { admitted: false, reason, identity: { token_id: tokenId, owner_id: owner.id, owner_name: owner.name } }
  }
  if (tokenId === null) return refuse('unknown')
  if (!isAllowedFrom(address, snapshot.allowed_addresses)) return refuse('address_not_allowed')
  const grant = channelGrantOf(snapshot, ladder, nowMs)
  if (grant.rights.length === 0) return refuse('insufficient_scope')
  const endsAtMs = Math.min(grant.endsAtMs ?? Number.POSITIVE_INFINITY, nowMs + sessionMaxMs)
  if (endsAtMs - nowMs < SHORTEST_MS) return refuse('expired')
  return { admitted: true, tokenId, snapshot, grant, endsAtMs, asOf }
}
