import { type Static, Type } from 'typebox'
import { closed, Id, nullable, Timestamp } from './primitives.ts'

const ProducerName = Type.String({ minLength: 1, maxLength: 128 })
const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** On `patgate.audit.committed`: all events of the boot up to `contiguous_seq` are stored (audit.md, "Durability" 3). */
export const CommittedAnnouncement = closed({ producer: ProducerName, boot: Id, contiguous_seq: Seq })
export type CommittedAnnouncement = Static<typeof CommittedAnnouncement>

/** On `patgate.audit.position`: asks for the announcement of one boot, which is 0 where nothing of it is stored. */
export const PositionQuestion = closed({ producer: ProducerName, boot: Id })
export type PositionQuestion = Static<typeof PositionQuestion>

/** On `patgate.audit.heartbeat`: the boot lives, and its last event had this number. */
export const ProducerHeartbeat = closed({ producer: ProducerName, boot: Id, last_seq: Seq })
export type ProducerHeartbeat = Static<typeof ProducerHeartbeat>

/** `details` of `producer.started`: which boot came before, and its last event; null where nothing is left of it. */
export const ProducerStartedDetails = closed({ previous_boot: nullable(Id), previous_last_seq: nullable(Seq) })
export type ProducerStartedDetails = Static<typeof ProducerStartedDetails>

/** `details` of `producer.stopped`. */
export const ProducerStoppedDetails = closed({})
export type ProducerStoppedDetails = Static<typeof ProducerStoppedDetails>

export const GAP_REASONS = ['spool_full', 'unauthenticated_limit', 'spool_unwritable', 'spool_damaged'] as const

/** `details` of a producer's own `audit.gap`: how many events it could not keep, between which times, and why. */
export const ProducerGapDetails = closed({
  reason: Type.Enum(GAP_REASONS),
  count: Type.Integer({ minimum: 1 }),
  from: nullable(Timestamp),
  to: nullable(Timestamp)
})
export type ProducerGapDetails = Static<typeof ProducerGapDetails>

export const MISSING_REASONS = ['hole', 'behind', 'silent', 'unknown_tail'] as const

/**
 * `details` of an `audit.gap` that the audit service raises: numbers between stored ones did not come (`hole`), the
 * producer told of more than came (`behind`), it fell silent without a stop (`silent`), or its spool is gone and nobody
 * knows how much it held (`unknown_tail`).
 */
export const MissingEventsDetails = closed({
  reason: Type.Enum(MISSING_REASONS),
  producer: ProducerName,
  boot: Id,
  /** Everything up to here is stored. */
  stored_seq: Seq,
  /** The highest number known of; null where it was never told. */
  told_seq: nullable(Seq),
  /** The first hundred stretches that are known to be missing. */
  missing: Type.Array(closed({ from: Seq, to: Seq }), { maxItems: 100 }),
  unknown_tail: Type.Boolean()
})
export type MissingEventsDetails = Static<typeof MissingEventsDetails>
