import { type Static, Type } from 'typebox'
import { closed, OperationName } from './primitives.ts'

/** What a scope may be about, and which operations it has: an entry of `GET /v1/entity-types`, which answers a plain list. */
export const EntityTypeBody = closed({ name: Type.String(), operations: Type.Array(OperationName) })
export type EntityTypeBody = Static<typeof EntityTypeBody>
