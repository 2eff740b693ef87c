import { type Static, Type } from 'typebox'
import { closed, Id, nullable, OperationName, Timestamp } from './primitives.ts'
import { ScopeBody, ScopeInput } from './tokens.ts'

const Count = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** One kind of accepted use, counted: by one secret of a token, on one UTC day. */
const UsageCount = closed({
  token_id: Id,
  /** Which secret of the token it was: the time at which that secret was issued. */
  issued_at: Timestamp,
  day: Type.String({ format: 'date' }),
  group: Type.String(),
  entity_type: Type.String(),
  /** `*` also where a gateway saw too many entities to count them apart. */
  entity_id: Type.String(),
  operation: OperationName,
  count: Count,
  first_at: Timestamp,
  last_at: Timestamp
})

/** From where a token was used on one UTC day; `*` for all addresses beyond those counted apart. */
const AddressCount = closed({
  token_id: Id,
  day: Type.String({ format: 'date' }),
  address: Type.String(),
  count: Count,
  first_at: Timestamp,
  last_at: Timestamp
})

/** On `patgate.usage`: what a gateway counted; `(boot, flush)` is the key by which a report is rolled up once. */
export const UsageReport = closed({
  version: Type.Literal(1),
  gateway: Type.String({ minLength: 1, maxLength: 128 }),
  boot: Id,
  flush: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  uses: Type.Array(UsageCount),
  addresses: Type.Array(AddressCount)
})
export type UsageReport = Static<typeof UsageReport>

export const MAX_USAGE_DAYS = 365

export const UsageQuery = closed({
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_USAGE_DAYS, default: 30 }))
})
export type UsageQuery = Static<typeof UsageQuery>

export const UsedBody = closed({
  group: Type.String(),
  entity_type: Type.String(),
  entity_id: Type.String(),
  operation: OperationName,
  count: Count,
  last_at: Timestamp
})
export type UsedBody = Static<typeof UsedBody>

/**
 * What a token may do, what it did, and the difference. `unused` has the scopes with only those operations that were
 * not used; `suggestion` is what `POST /v1/tokens/{id}/narrow` takes.
 */
export const TokenUsage = closed({
  granted: Type.Array(ScopeBody),
  used: Type.Array(UsedBody),
  unused: Type.Array(ScopeBody),
  suggestion: Type.Array(ScopeInput)
})
export type TokenUsage = Static<typeof TokenUsage>

/** What a token did, from where, on what: the blast radius of a leak. */
export const TokenExposure = closed({
  days: Type.Integer(),
  count: Type.Integer({ minimum: 0 }),
  first_at: nullable(Timestamp),
  last_at: nullable(Timestamp),
  used: Type.Array(UsedBody),
  addresses: Type.Array(closed({ address: Type.String(), count: Count, first_at: Timestamp, last_at: Timestamp }))
})
export type TokenExposure = Static<typeof TokenExposure>
