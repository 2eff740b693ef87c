import type { GroupPolicy, Policy } from '@patgate/contracts'
import { parseDuration } from '@patgate/domain'
import fc from 'fast-check'
import { test } from 'tap'
import { BUILT_IN_POLICY, NO_DEMANDS } from '../../src/policy/built-in-policy.ts'
import { effectivePolicy, stricterPolicy } from '../../src/policy/stricter-policy.ts'
import { groupPolicies, policies } from './arbitrary-policies.ts'

type Forbids = (both: Policy, one: GroupPolicy) => boolean

/** What `one` forbids, `both` forbids too. */
const FORBIDS: Record<string, Forbids> = {
  'a longer life': (both, one) => lengthMs(both.max_token_lifetime) <= lengthMs(one.max_token_lifetime),
  'more tokens': (both, one) => (both.max_tokens_per_owner ?? Infinity) <= (one.max_tokens_per_owner ?? Infinity),
  'no expiry': (both, one) => both.require_expiry || !one.require_expiry,
  'deleting active tokens': (both, one) => both.delete_only_inactive || !one.delete_only_inactive,
  'going on after reuse': (both, one) => both.on_reuse === 'revoke' || one.on_reuse !== 'revoke',
  'other types': (both, { allowed_entity_types: types }) =>
    types === null || both.allowed_entity_types?.every((name) => types.includes(name)) === true
}

test('the stricter of two policies', async (t) => {
  await t.test('does not depend on the order', async (t) => {
    fc.assert(fc.property(groupPolicies, groupPolicies, (a, b) => same(stricterPolicy(a, b), stricterPolicy(b, a))))
    t.pass()
  })

  await t.test('does not depend on how three are grouped', async (t) => {
    fc.assert(
      fc.property(groupPolicies, groupPolicies, groupPolicies, (a, b, c) =>
        same(stricterPolicy(stricterPolicy(a, b), c), stricterPolicy(a, stricterPolicy(b, c)))
      )
    )
    t.pass()
  })

  await t.test('is the policy itself when it is compared with itself, or with one that demands nothing', async (t) => {
    fc.assert(fc.property(groupPolicies, (a) => same(stricterPolicy(a, a), a)))
    fc.assert(fc.property(groupPolicies, (a) => same(stricterPolicy(a, NO_DEMANDS), a)))
    t.pass()
  })

  await t.test('allows nothing that either of them forbids', async (t) => {
    fc.assert(
      fc.property(policies, groupPolicies, (instance, group) => {
        const both = stricterPolicy(instance, group)
        return [instance, group].every((one) => Object.values(FORBIDS).every((forbids) => forbids(both, one)))
      })
    )
    t.pass()
  })

  await t.test('field by field', async (t) => {
    const group = {
      ...NO_DEMANDS,
      max_token_lifetime: '90d',
      require_expiry: false,
      max_tokens_per_owner: 1,
      allowed_entity_types: ['dataset'],
      retention_days: 30,
      notify_before_expiry: ['1w', '1h'],
      on_reuse: 'revoke' as const
    }
    t.same(stricterPolicy(BUILT_IN_POLICY, group), {
      ...BUILT_IN_POLICY,
      max_token_lifetime: '90d',
      max_tokens_per_owner: 1,
      allowed_entity_types: ['dataset'],
      retention_days: 30,
      notify_before_expiry: ['1w', '1d', '1h'],
      on_reuse: 'revoke'
    })
  })
})

test('the default lifetime never exceeds the longest one', async (t) => {
  fc.assert(
    fc.property(policies, fc.array(groupPolicies, { maxLength: 4 }), (instance, groups) => {
      const policy = effectivePolicy(instance, groups)
      return lengthMs(policy.default_token_lifetime) <= lengthMs(policy.max_token_lifetime)
    })
  )
  const policy = effectivePolicy(BUILT_IN_POLICY, [{ ...NO_DEMANDS, max_token_lifetime: '7d' }])
  t.equal(policy.default_token_lifetime, '7d')
})

function lengthMs(duration: string | null): number {
  return duration === null ? Infinity : (parseDuration(duration) ?? Number.NaN)
}

function same(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
