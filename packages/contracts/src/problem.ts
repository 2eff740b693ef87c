import { type Static, Type } from 'typebox'
import { nullable, OperationName } from './primitives.ts'

/** What the token would have needed; present on 403 `insufficient_scope` and `owner_not_permitted`. */
export const Required = Type.Object({
  group: nullable(Type.String()),
  entity_type: Type.String(),
  entity_id: Type.String(),
  operation: OperationName
})
export type Required = Static<typeof Required>

/** RFC 9457, with our `code` from the closed list and the request id. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  code: Type.String(),
  request_id: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  required: Type.Optional(Required)
})
export type Problem = Static<typeof Problem>
