import { type Static, Type } from 'typebox'
import { closed, Id, nullable, Timestamp } from './primitives.ts'

/** A gateway by its lease (coherence.md, "Holders and leases"). */
export const GatewayBody = closed({
  id: Id,
  name: Type.String(),
  lease: Type.Enum(['live', 'lapsed'] as const),
  renewed_at: Timestamp,
  applied_seq: Type.Integer(),
  propagation: closed(
    {
      confirmed: Type.Integer(),
      expired: Type.Integer(),
      took_ms: nullable(Type.Number())
    },
    {
      description:
        'Changes that calls waited for, as the replica that answers has seen them since it started: how many the gateway confirmed, how often its lease was waited out instead, and how long the last confirmation took'
    }
  )
})
export type GatewayBody = Static<typeof GatewayBody>

/** `head_seq` is the newest change: a gateway whose `applied_seq` is lower has not come to it yet. */
export const GatewayPage = closed({
  items: Type.Array(GatewayBody),
  next_cursor: nullable(Type.String()),
  head_seq: Type.Integer()
})
export type GatewayPage = Static<typeof GatewayPage>
