import { type Static, Type } from 'typebox'
import { Digest } from './internal.ts'
import { closed, Id, Slug } from './primitives.ts'

/** Whose rights a change touches: named tokens, all of an owner, all in a group, or everybody's. */
export const ChangeSelector = Type.Union([
  closed({ digests: Type.Array(Digest) }),
  closed({ owner_id: Id }),
  closed({ group_slug: Slug }),
  closed({ session_id: Id }),
  closed({ all: Type.Literal(true) })
])
export type ChangeSelector = Static<typeof ChangeSelector>

/** One message on `patgate.changes`: the change log's row, and the number before it, so that a hole is seen. */
export const ChangeMessage = closed({
  seq: Type.Integer(),
  prev_seq: Type.Integer(),
  change_id: Id,
  selector: Type.Union([ChangeSelector, Type.Null()])
})
export type ChangeMessage = Static<typeof ChangeMessage>
