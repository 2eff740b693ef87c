import { type Static, Type } from 'typebox'
import { closed, Id, nullable, RoleName, Timestamp } from './primitives.ts'
import { RateLimit, ScopeBody } from './tokens.ts'

/** SHA-256 of a token, in hex. */
export const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** What a gateway keeps of a token or a session: all that a decision needs, as of one point of the change log. */
export const Snapshot = closed({
  kind: Type.Union([Type.Literal('human'), Type.Literal('bot'), Type.Literal('session')]),
  token_id: nullable(Id),
  session_id: nullable(Id),
  owner: closed({ id: Id, email: Type.String(), name: Type.String() }),
  admin: Type.Boolean(),
  expires_at: nullable(Timestamp),
  issued_at: Timestamp,
  /** Null for a session, which stands for its owner without scopes. */
  scopes: nullable(Type.Array(ScopeBody)),
  access_level: nullable(RoleName),
  /** The owner's roles now, by group slug. */
  roles: Type.Record(Type.String(), RoleName),
  allowed_addresses: Type.Array(Type.String()),
  rate_limit: nullable(RateLimit),
  /**
   * From when on a group's own cap on lifetimes refuses the token there, by group slug: 403 `policy_violation`. Groups
   * without a cap are absent; the instance's cap is in `expires_at` already.
   */
  group_caps: Type.Optional(Type.Record(Type.String(), Timestamp))
})
export type Snapshot = Static<typeof Snapshot>

/** Why a credential is refused; for logs and audit only, callers always see one `invalid_token`. */
export const Refusal = Type.Union([
  Type.Literal('unknown'),
  Type.Literal('revoked'),
  Type.Literal('expired'),
  Type.Literal('owner_disabled'),
  Type.Literal('session_ended')
])
export type Refusal = Static<typeof Refusal>

/** A refused token that exists is named, so that the audit log can say whose it was. */
export const RefusedIdentity = closed({ token_id: nullable(Id), owner_id: Id, owner_name: Type.String() })
export type RefusedIdentity = Static<typeof RefusedIdentity>

export const ResolveBody = Type.Union([
  closed({ digest: Digest, min_seq: Type.Optional(Type.Integer({ minimum: 0 })) }),
  /** For whoever has seen the secret before, and knows the token by its id since. */
  closed({ token_id: Id, min_seq: Type.Optional(Type.Integer({ minimum: 0 })) }),
  closed({
    session: Type.String({ minLength: 1, maxLength: 4096 }),
    min_seq: Type.Optional(Type.Integer({ minimum: 0 }))
  })
])
export type ResolveBody = Static<typeof ResolveBody>

export const ResolveAnswer = Type.Union([
  closed({ as_of: Type.Integer(), valid: Type.Literal(true), snapshot: Snapshot }),
  closed({
    as_of: Type.Integer(),
    valid: Type.Literal(false),
    refusal: Refusal,
    identity: nullable(RefusedIdentity)
  })
])
export type ResolveAnswer = Static<typeof ResolveAnswer>
