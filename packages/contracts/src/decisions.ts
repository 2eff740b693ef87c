import { ENTITY_ID_PATTERN } from '@patgate/domain'
import { type Static, Type } from 'typebox'
import { EXPLAINED_METHODS } from './choices.ts'
import { closed, EntityTypeName, Id, nullable, OperationName, RoleName, Slug } from './primitives.ts'
import { Required } from './problem.ts'
import { ScopeBody, ScopeInput } from './tokens.ts'

/**
 * Which token (`token_id` or `token`; a token that asks means itself), and what it would do: `method` and `path` as a
 * request to the gateway has them, or `group`, `entity_type`, `entity_id` and `operation`.
 */
export const ExplainBody = closed({
  token_id: Type.Optional(Id),
  token: Type.Optional(Type.String({ maxLength: 4096 })),
  method: Type.Optional(Type.Enum(EXPLAINED_METHODS)),
  path: Type.Optional(Type.String({ minLength: 1, maxLength: 8192 })),
  group: Type.Optional(Slug),
  entity_type: Type.Optional(EntityTypeName),
  entity_id: Type.Optional(Type.String({ pattern: ENTITY_ID_PATTERN })),
  operation: Type.Optional(OperationName)
})
export type ExplainBody = Static<typeof ExplainBody>

/** What the gateway would decide now, and why. */
export const Explanation = closed({
  allowed: Type.Boolean(),
  /** The code of the problem that the request would be answered with; null where it is allowed. */
  code: nullable(Type.String()),
  /** One sentence for people. */
  reason: Type.String(),
  /** What the request asks for; null where no route is asked, or it asks nobody for a credential. */
  required: nullable(Required),
  matched_scope: nullable(ScopeBody),
  /** The owner's role in the group, under the token's access level. */
  owner_role: nullable(RoleName),
  /** The narrowest scope that is missing; null where a scope is not what is missing. */
  would_need: nullable(ScopeInput)
})
export type Explanation = Static<typeof Explanation>

/**
 * RFC 7662, section 2.1; other fields are tolerated. `client_address` is an extension that the section foresees: from
 * where the token was used, without which a token that is bound to networks counts as inactive.
 */
export const IntrospectForm = Type.Object({
  token: Type.String(),
  token_type_hint: Type.Optional(Type.String()),
  client_address: Type.Optional(Type.String())
})
export type IntrospectForm = Static<typeof IntrospectForm>

/** RFC 7662, section 2.2; times in seconds. `exp` is absent where the token never ends. */
export const Introspection = Type.Union([
  closed({
    active: Type.Literal(true),
    scope: Type.String(),
    client_id: Id,
    username: Type.String(),
    token_type: Type.Literal('Bearer'),
    exp: Type.Optional(Type.Integer()),
    iat: Type.Integer(),
    sub: Id,
    aud: Type.Array(Type.String()),
    iss: Type.String(),
    jti: Id
  }),
  closed({ active: Type.Literal(false) })
])
export type Introspection = Static<typeof Introspection>

export const TOKEN_EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token'
export const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt'

/** RFC 8693, section 2.1; other fields are tolerated. */
export const TokenExchangeForm = Type.Object({
  grant_type: Type.String(),
  subject_token: Type.String(),
  subject_token_type: Type.String(),
  /** May be left out by a client that has one audience only. */
  audience: Type.Optional(Type.String()),
  /** In the text form of scopes; everything the token may do in the client's groups where it is left out. */
  scope: Type.Optional(Type.String()),
  requested_token_type: Type.Optional(Type.String()),
  resource: Type.Optional(Type.String()),
  actor_token: Type.Optional(Type.String()),
  client_address: Type.Optional(Type.String())
})
export type TokenExchangeForm = Static<typeof TokenExchangeForm>

/** RFC 8693, section 2.2.1. */
export const ExchangedToken = closed({
  access_token: Type.String(),
  issued_token_type: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ minimum: 1, maximum: 60 }),
  scope: Type.String()
})
export type ExchangedToken = Static<typeof ExchangedToken>
