import type { GroupPolicy, Policy } from '@patgate/contracts'
import fc from 'fast-check'
import { normalPolicy } from '../../src/policy/stricter-policy.ts'

// Some are equally long in other words: `7d` and `1w`.
const duration = fc.constantFrom('1s', '60s', '1m', '24h', '1d', '7d', '1w', '30d', '90d', '365d', '1y')
const entityTypes = fc.uniqueArray(fc.constantFrom('dashboard', 'dataset', 'base', 'channel'))
const notices = fc.uniqueArray(duration)
const onReuse = fc.constantFrom('alert' as const, 'revoke' as const)
const count = fc.integer({ min: 1, max: 5 })

/** Policies as they are stored: in their normal form. */
export const policies: fc.Arbitrary<Policy> = fc
  .record({
    max_token_lifetime: fc.option(duration),
    default_token_lifetime: duration,
    require_expiry: fc.boolean(),
    max_tokens_per_owner: fc.option(count),
    allowed_entity_types: fc.option(entityTypes),
    delete_only_inactive: fc.boolean(),
    retention_days: count,
    notify_before_expiry: notices,
    on_reuse: onReuse
  })
  .map(normalPolicy)

export const groupPolicies: fc.Arbitrary<GroupPolicy> = fc
  .record({
    max_token_lifetime: fc.option(duration),
    default_token_lifetime: fc.option(duration),
    require_expiry: fc.option(fc.boolean()),
    max_tokens_per_owner: fc.option(count),
    allowed_entity_types: fc.option(entityTypes),
    delete_only_inactive: fc.option(fc.boolean()),
    retention_days: fc.option(count),
    notify_before_expiry: fc.option(notices),
    on_reuse: fc.option(onReuse)
  })
  .map(normalPolicy)
