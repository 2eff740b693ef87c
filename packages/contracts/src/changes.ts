import { type Static, Type } from 'typebox'
import { Digest } from './internal.ts'
import { closed, Id, Slug, Timestamp } from './primitives.ts'

/** Whose rights a change touches: named tokens, all of an owner, all in a group, or everybody's. */
export const ChangeSelector = Type.Union([
  closed({ digests: Type.Array(Digest) }),
  closed({ owner_id: Id }),
  closed({ group_slug: Slug }),
  closed({ session_id: Id }),
  closed({ all: Type.Literal(true) })
])
export type ChangeSelector = Static<typeof ChangeSelector>

const changeProperties = {
  seq: Type.Integer(),
  change_id: Id,
  selector: Type.Union([ChangeSelector, Type.Null()])
}

/** One row of the change log, as a renewal is answered. */
export const ChangeRow = closed(changeProperties)
export type ChangeRow = Static<typeof ChangeRow>

/**
 * One message on `patgate.changes`: the change log's row, and which one came before it, so that a hole is seen. The
 * predecessor is named by its random id too, because numbers repeat after a restore that lost commits.
 */
export const ChangeMessage = closed({ ...changeProperties, prev_seq: Type.Integer(), prev_change_id: Id })
export type ChangeMessage = Static<typeof ChangeMessage>

/** One message on `patgate.changes.ack`: the holder has applied every change up to this number. */
export const ChangeAck = closed({ holder: Id, applied_seq: Type.Integer(), applied_id: Id })
export type ChangeAck = Static<typeof ChangeAck>

/** How long a holder may believe its memory after it sent a renewal (coherence.md). */
export const LEASE_MS = 2_000

export const HolderParams = closed({ holder: Id })
export type HolderParams = Static<typeof HolderParams>

export const HOLDER_KINDS = ['gateway', 'token-service'] as const

/** A renewal: who holds, and up to which change it has applied. `applied_id` is null at a holder's first one. */
export const RenewLeaseBody = closed({
  name: Type.String({ minLength: 1, maxLength: 128 }),
  kind: Type.Enum(HOLDER_KINDS),
  applied_seq: Type.Integer({ minimum: 0 }),
  applied_id: Type.Union([Id, Type.Null()]),
  grace_ms: Type.Integer({ minimum: 0, maximum: 30_000 })
})
export type RenewLeaseBody = Static<typeof RenewLeaseBody>

/** `reset` means: what you remember cannot be brought up to date; forget it, and begin at the head. */
export const RenewedLease = closed({
  lease_ms: Type.Integer({ minimum: 0 }),
  now: Timestamp,
  head_seq: Type.Integer(),
  head_id: Id,
  changes: Type.Union([Type.Array(ChangeRow), Type.Literal('reset')])
})
export type RenewedLease = Static<typeof RenewedLease>
