import { type Static, type TProperties, Type } from 'typebox'
import { closed, Duration, EntityTypeName, Id, nullable } from './primitives.ts'

/** What happens when a retired secret is used: the owner is told, or the token is revoked too. */
export const ON_REUSE = ['alert', 'revoke'] as const

const Count = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const Days = Type.Integer({ minimum: 1, maximum: 36_500 })
const EntityTypeNames = Type.Array(EntityTypeName, { uniqueItems: true, maxItems: 200 })
const Notices = Type.Array(Duration, { uniqueItems: true, maxItems: 10 })
const Flag = Type.Boolean()
const OnReuse = Type.Enum(ON_REUSE)

/** What the instance demands of every token (api.md, "policy"); null: no limit. */
export const Policy = closed({
  max_token_lifetime: nullable(Duration),
  default_token_lifetime: Duration,
  require_expiry: Flag,
  max_tokens_per_owner: nullable(Count),
  allowed_entity_types: nullable(EntityTypeNames),
  delete_only_inactive: Flag,
  retention_days: Days,
  notify_before_expiry: Notices,
  on_reuse: OnReuse
})
export type Policy = Static<typeof Policy>

/** What a group demands beyond the instance; null: it demands nothing there. */
export const GroupPolicy = closed({
  max_token_lifetime: nullable(Duration),
  default_token_lifetime: nullable(Duration),
  require_expiry: nullable(Flag),
  max_tokens_per_owner: nullable(Count),
  allowed_entity_types: nullable(EntityTypeNames),
  delete_only_inactive: nullable(Flag),
  retention_days: nullable(Days),
  notify_before_expiry: nullable(Notices),
  on_reuse: nullable(OnReuse)
})
export type GroupPolicy = Static<typeof GroupPolicy>

/** Fields that are left out stay as they are. */
export const PatchPolicyBody = closed(optional(Policy.properties))
export type PatchPolicyBody = Static<typeof PatchPolicyBody>

export const PatchGroupPolicy = closed(optional(GroupPolicy.properties))
export type PatchGroupPolicy = Static<typeof PatchGroupPolicy>

/** For whom a token would be, and the groups that its scopes would name, separated by commas; `*` for all of the owner's. */
export const EffectivePolicyQuery = closed({
  owner: Type.Optional(Id),
  groups: Type.Optional(Type.String({ maxLength: 8_192 }))
})
export type EffectivePolicyQuery = Static<typeof EffectivePolicyQuery>

type AllOptional<P extends TProperties> = { [Key in keyof P]: ReturnType<typeof Type.Optional<P[Key]>> }

function optional<P extends TProperties>(properties: P): AllOptional<P> {
  const entries = Object.entries(properties).map(([name, schema]) => [name, Type.Optional(schema)])
  return Object.fromEntries(entries) as AllOptional<P>
}
