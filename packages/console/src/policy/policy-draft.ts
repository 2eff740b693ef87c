import type { GroupPolicy, PatchGroupPolicy } from '@patgate/contracts'

/** A policy as a form has it: empty means that nothing is demanded, or for a group, nothing more than the instance does. */
export interface PolicyDraft {
  readonly maxLifetime: string
  readonly defaultLifetime: string
  readonly requireExpiry: Flag
  readonly maxTokens: number | ''
  readonly types: string[]
  readonly deleteOnlyInactive: Flag
  readonly retentionDays: number | ''
  readonly notices: string[]
  readonly onReuse: 'alert' | 'revoke' | ''
}

/** A group may leave a question to the instance. */
export type Flag = 'yes' | 'no' | ''

export function draftOf(policy: GroupPolicy): PolicyDraft {
  return {
    maxLifetime: policy.max_token_lifetime ?? '',
    defaultLifetime: policy.default_token_lifetime ?? '',
    requireExpiry: flagOf(policy.require_expiry),
    maxTokens: policy.max_tokens_per_owner ?? '',
    types: [...(policy.allowed_entity_types ?? [])],
    deleteOnlyInactive: flagOf(policy.delete_only_inactive),
    retentionDays: policy.retention_days ?? '',
    notices: [...(policy.notify_before_expiry ?? [])],
    onReuse: policy.on_reuse ?? ''
  }
}

/** Everything that can be empty is null where it is; the instance's form leaves nothing empty that it may not. */
export function draftOnWire(draft: PolicyDraft, isInstance: boolean): PatchGroupPolicy {
  return {
    max_token_lifetime: orNull(draft.maxLifetime.trim()),
    default_token_lifetime: orNull(draft.defaultLifetime.trim()),
    require_expiry: booleanOf(draft.requireExpiry),
    max_tokens_per_owner: draft.maxTokens === '' ? null : draft.maxTokens,
    allowed_entity_types: draft.types.length === 0 ? null : draft.types,
    delete_only_inactive: booleanOf(draft.deleteOnlyInactive),
    retention_days: draft.retentionDays === '' ? null : draft.retentionDays,
    notify_before_expiry: draft.notices.length === 0 && !isInstance ? null : draft.notices,
    on_reuse: draft.onReuse === '' ? null : draft.onReuse
  }
}

const flagOf = (value: boolean | null): Flag => (value === null ? '' : value ? 'yes' : 'no')
const booleanOf = (flag: Flag): boolean | null => (flag === '' ? null : flag === 'yes')
const orNull = (text: string): string | null => (text === '' ? null : text)
