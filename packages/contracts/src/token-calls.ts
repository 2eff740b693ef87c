import { type Static, Type } from 'typebox'
import { closed, Duration, Id, Name, nullable, page, Slug, Timestamp } from './primitives.ts'
import { MAX_SCOPES_PER_TOKEN, Owner, RateLimit, ScopeBody, ScopeInput } from './tokens.ts'

const Networks = Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 })

/** What is absent stays as it is. `rate_limit: null` takes the limit away; `expires_at` only ever moves earlier. */
export const PatchTokenBody = closed({
  name: Type.Optional(Name),
  description: Type.Optional(Type.String({ maxLength: 4096 })),
  allowed_addresses: Type.Optional(Networks),
  rate_limit: Type.Optional(nullable(RateLimit)),
  self_rotate: Type.Optional(Type.Boolean()),
  expires_at: Type.Optional(nullable(Timestamp))
})
export type PatchTokenBody = Static<typeof PatchTokenBody>

/** One of the two must be there: a new secret is a new decision on how long it lives. */
export const RegenerateTokenBody = closed({
  expires_in: Type.Optional(Type.Union([Type.Literal('never'), Duration])),
  expires_at: Type.Optional(Timestamp)
})
export type RegenerateTokenBody = Static<typeof RegenerateTokenBody>

export const RotateTokenBody = closed({
  overlap: Type.Optional(Duration),
  expires_in: Type.Optional(Type.Union([Type.Literal('never'), Duration]))
})
export type RotateTokenBody = Static<typeof RotateTokenBody>

export const AddScopesBody = closed({
  scopes: Type.Array(ScopeInput, { minItems: 1, maxItems: MAX_SCOPES_PER_TOKEN })
})
export type AddScopesBody = Static<typeof AddScopesBody>

export const ScopeList = closed({ items: Type.Array(ScopeBody) })
export type ScopeList = Static<typeof ScopeList>

export const ScopeParams = closed({ id: Id, scope_id: Id })
export type ScopeParams = Static<typeof ScopeParams>

/** An empty list is a subset of every other: the token stays valid and may do nothing. */
export const NarrowTokenBody = closed({ scopes: Type.Array(ScopeInput, { maxItems: MAX_SCOPES_PER_TOKEN }) })
export type NarrowTokenBody = Static<typeof NarrowTokenBody>

export const DeleteTokensQuery = closed({ confirm: Type.Literal('all'), owner: Type.Optional(Id) })
export type DeleteTokensQuery = Static<typeof DeleteTokensQuery>

export const DeletedTokens = closed({ deleted: Type.Integer() })
export type DeletedTokens = Static<typeof DeletedTokens>

export const MAX_LEAKED_TOKENS = 1_000

/** Whatever somebody found; what is no token of ours is passed over in silence. */
export const RevokeLeakedBody = closed({
  tokens: Type.Array(Type.String({ maxLength: 4096 }), { maxItems: MAX_LEAKED_TOKENS })
})
export type RevokeLeakedBody = Static<typeof RevokeLeakedBody>

/** The one answer to a report of leaked tokens, whatever was in it. */
export const LeakReportAccepted = closed({ accepted: Type.Literal(true) })
export type LeakReportAccepted = Static<typeof LeakReportAccepted>

/** All that a group's maintainers see of somebody else's token that names their group (api.md, "Who may call"). */
export const GroupTokenBody = closed({
  id: Id,
  name: Type.String(),
  hint: Type.String(),
  owner: Owner,
  /** Only those in the maintainers' groups; a scope on every group shows as one on theirs. */
  scopes: Type.Array(ScopeBody),
  /** In which of those groups its rights have been ended. */
  blocked_in: Type.Array(Slug)
})
export type GroupTokenBody = Static<typeof GroupTokenBody>

export const GroupTokenPage = page(GroupTokenBody)
export type GroupTokenPage = Static<typeof GroupTokenPage>

export const GroupTokenParams = closed({ slug: Slug, id: Id })
export type GroupTokenParams = Static<typeof GroupTokenParams>
