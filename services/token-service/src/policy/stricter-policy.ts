import type { GroupPolicy, Policy } from '@patgate/contracts'
import { parseDuration } from '@patgate/domain'

/**
 * The stricter of two policies, field by field; null demands nothing. Associative, commutative and idempotent, with
 * `NO_DEMANDS` as its neutral element, so it does not matter how many groups there are nor in which order.
 *
 * What is stricter is plain for most fields. Three are judgements: of two default lifetimes the shorter; of two
 * retentions the shorter, because the audit log remembers what happened and the tokens' table need not; and of two
 * lists of notices both together.
 */
export function stricterPolicy(one: Policy, other: GroupPolicy): Policy
export function stricterPolicy(one: GroupPolicy, other: GroupPolicy): GroupPolicy
export function stricterPolicy(one: GroupPolicy, other: GroupPolicy): GroupPolicy {
  return {
    max_token_lifetime: stricter(one.max_token_lifetime, other.max_token_lifetime, shorter),
    default_token_lifetime: stricter(one.default_token_lifetime, other.default_token_lifetime, shorter),
    require_expiry: stricter(one.require_expiry, other.require_expiry, either),
    max_tokens_per_owner: stricter(one.max_tokens_per_owner, other.max_tokens_per_owner, Math.min),
    allowed_entity_types: stricter(one.allowed_entity_types, other.allowed_entity_types, inBoth),
    delete_only_inactive: stricter(one.delete_only_inactive, other.delete_only_inactive, either),
    retention_days: stricter(one.retention_days, other.retention_days, Math.min),
    notify_before_expiry: stricter(one.notify_before_expiry, other.notify_before_expiry, together),
    on_reuse: stricter(one.on_reuse, other.on_reuse, (a, b) => (a === 'revoke' ? a : b))
  }
}

/**
 * What counts where the instance and some groups have a say. The default lifetime is nobody's wish, so it bows to the
 * longest that is allowed; what somebody asks for is never shortened.
 */
export function effectivePolicy(instance: Policy, groups: readonly GroupPolicy[]): Policy {
  const policy = groups.reduce<Policy>(stricterPolicy, instance)
  const { default_token_lifetime: usual, max_token_lifetime: longest } = policy
  return longest === null ? policy : { ...policy, default_token_lifetime: shorter(usual, longest) }
}

/** Lists in the one order in which they are kept and compared: notices from the earliest to the last, each once. */
export function normalPolicy<P extends Partial<GroupPolicy>>(policy: P): P {
  const { allowed_entity_types: types, notify_before_expiry: notices } = policy
  return {
    ...policy,
    ...(types ? { allowed_entity_types: [...types].sort() } : {}),
    ...(notices ? { notify_before_expiry: together(notices, []) } : {})
  }
}

function stricter<T>(one: T | null, other: T | null, choose: (one: T, other: T) => T): T | null {
  if (one === null || other === null) return one ?? other
  return choose(one, other)
}

/** `7d` and `1w` are equally long: then the one that sorts first, so that the order of the two does not matter. */
function shorter(one: string, other: string): string {
  return byLength(one, other) <= 0 ? one : other
}

const either = (one: boolean, other: boolean): boolean => one || other

const inBoth = (one: readonly string[], other: readonly string[]): string[] =>
  one.filter((name) => other.includes(name)).sort()

function together(one: readonly string[], other: readonly string[]): string[] {
  const byMs = new Map<number, string>()
  for (const notice of [...one, ...other].sort(byLength).reverse()) byMs.set(lengthMs(notice), notice)
  return [...byMs.values()]
}

function byLength(one: string, other: string): number {
  return lengthMs(one) - lengthMs(other) || (one < other ? -1 : Number(one > other))
}

function lengthMs(duration: string): number {
  const ms = parseDuration(duration)
  if (ms === null) throw new Error(`a policy holds a duration that is none: ${duration}`)
  return ms
}
