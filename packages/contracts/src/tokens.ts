import { ANY, ENTITY_ID_PATTERN, GROUP_SLUG_PATTERN, type Scope } from '@patgate/domain'
import { type Static, Type } from 'typebox'
import { TOKEN_LIST_STATUSES } from './choices.ts'
import {
  closed,
  Duration,
  EntityTypeName,
  Id,
  Name,
  nullable,
  OperationName,
  PageQuery,
  page,
  RoleName,
  Timestamp
} from './primitives.ts'

export const MAX_SCOPES_PER_TOKEN = 200

export const ScopeInput = closed({
  group: Type.String({ pattern: `^\\*$|${GROUP_SLUG_PATTERN}` }),
  entity_type: EntityTypeName,
  entity_id: Type.String({ pattern: ENTITY_ID_PATTERN }),
  operations: Type.Array(OperationName, { minItems: 1, uniqueItems: true })
})
export type ScopeInput = Static<typeof ScopeInput>

export const ScopeBody = closed({
  id: Id,
  group: Type.String(),
  entity_type: Type.String(),
  entity_id: Type.String(),
  operations: Type.Array(OperationName)
})
export type ScopeBody = Static<typeof ScopeBody>

export const RateLimit = closed({
  requests: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  per_seconds: Type.Integer({ minimum: 1, maximum: 86_400 })
})
export type RateLimit = Static<typeof RateLimit>

export const Owner = closed({
  id: Id,
  kind: Type.Union([Type.Literal('human'), Type.Literal('bot')]),
  name: Type.String()
})

export const REVOKED_REASONS = [
  'owner',
  'manager',
  'admin',
  'leaked',
  'reuse',
  'owner_disabled',
  'bot_deleted'
] as const
export const RevokedReason = Type.Enum(REVOKED_REASONS)
export type RevokedReason = Static<typeof RevokedReason>

const tokenProperties = {
  id: Id,
  name: Type.String(),
  description: Type.String(),
  hint: Type.String(),
  owner: Owner,
  access_level: nullable(RoleName),
  status: Type.Union([Type.Literal('active'), Type.Literal('expired'), Type.Literal('revoked')]),
  created_at: Timestamp,
  created_by: Id,
  updated_at: Timestamp,
  expires_at: nullable(Timestamp),
  revoked_at: nullable(Timestamp),
  revoked_by: nullable(Id),
  revoked_reason: nullable(RevokedReason),
  self_rotate: Type.Boolean(),
  last_used_at: nullable(Timestamp),
  last_used_address: nullable(Type.String()),
  scopes: Type.Array(ScopeBody),
  allowed_addresses: Type.Array(Type.String()),
  rate_limit: nullable(RateLimit),
  previous_secret: nullable(closed({ retires_at: Timestamp, last_used_at: nullable(Timestamp) }))
}

export const TokenBody = closed(tokenProperties)
export type TokenBody = Static<typeof TokenBody>

/** The only answers that ever carry a secret; null in an idempotent replay. */
export const TokenWithSecret = closed({ ...tokenProperties, secret: nullable(Type.String()) })
export type TokenWithSecret = Static<typeof TokenWithSecret>

/** How far a change has spread when it is answered (coherence.md). */
export const Propagation = closed({
  gateways: Type.Integer(),
  confirmed: Type.Integer(),
  expired: Type.Integer(),
  took_ms: Type.Number(),
  /** Until when a gateway that did not confirm may still accept, on routes that grant `grace`. */
  stale_until: Type.Optional(Timestamp)
})
export type Propagation = Static<typeof Propagation>

export const RevokedToken = closed({ ...tokenProperties, propagation: Propagation })
export type RevokedToken = Static<typeof RevokedToken>

export const CreateTokenBody = closed({
  name: Name,
  description: Type.Optional(Type.String({ maxLength: 4096 })),
  owner: Type.Optional(Id),
  access_level: Type.Optional(RoleName),
  expires_in: Type.Optional(Type.Union([Type.Literal('never'), Duration])),
  expires_at: Type.Optional(Timestamp),
  scopes: Type.Array(ScopeInput, { maxItems: MAX_SCOPES_PER_TOKEN }),
  allowed_addresses: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 })),
  rate_limit: Type.Optional(RateLimit),
  self_rotate: Type.Optional(Type.Boolean())
})
export type CreateTokenBody = Static<typeof CreateTokenBody>

export const ListTokensQuery = closed({
  status: Type.Optional(Type.Enum(TOKEN_LIST_STATUSES, { default: 'active' })),
  owner: Type.Optional(Type.Union([Id, Type.Literal(ANY)])),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  ...PageQuery
})
export type ListTokensQuery = Static<typeof ListTokensQuery>

export const TokenPage = closed({ ...page(TokenBody).properties, total: nullable(Type.Integer()) })
export type TokenPage = Static<typeof TokenPage>

export function scopeFromWire(scope: ScopeInput | ScopeBody): Scope {
  return { group: scope.group, entityType: scope.entity_type, entityId: scope.entity_id, operations: scope.operations }
}
