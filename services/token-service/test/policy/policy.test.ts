import { test } from 'tap'
import { BUILT_IN_POLICY } from '../../src/policy/built-in-policy.ts'
import { policyFor } from '../../src/policy/policy-for.ts'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'

test('policies over the control API', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()
  const olga = await service.asNewPerson('olga')

  await t.test('only administrators see and change what the instance demands', async (t) => {
    for (const call of ['GET /v1/policy', 'PATCH /v1/policy']) {
      t.equal((await service.anybody.call(call)).status, 401, call)
      t.equal((await olga.call(call, call.startsWith('PATCH') ? {} : undefined)).status, 403, call)
    }
    t.same((await admin.call('GET /v1/policy')).body, BUILT_IN_POLICY)
  })

  await t.test('a change holds from then on, and tells what was different', async (t) => {
    const patched = await admin.call('PATCH /v1/policy', { max_token_lifetime: '365d', retention_days: 30 })
    t.equal(patched.status, 200)
    t.same(patched.body, { ...BUILT_IN_POLICY, max_token_lifetime: '365d', retention_days: 30 })
    t.same((await admin.call('GET /v1/policy')).body, patched.body)
    await admin.call('PATCH /v1/policy', { retention_days: 30 })
    const events = (await eventsOf(service.deps)).filter(({ type }) => type === 'policy.updated')
    t.equal(events.length, 1, 'the same again changes nothing')
    t.match(events[0], {
      target: { type: 'policy', id: 'instance' },
      details: {
        before: { max_token_lifetime: null, retention_days: 90 },
        after: { max_token_lifetime: '365d', retention_days: 30 }
      }
    })
    t.equal((await admin.call('PATCH /v1/policy', { max_token_lifetime: null, retention_days: 90 })).status, 200)
  })

  await t.test('everybody is told what would be demanded of a token of theirs, and of nobody else', async (t) => {
    const ask = async (query: string) => (await olga.call(`GET /v1/policy/effective${query}`)).body
    t.same(await ask(''), BUILT_IN_POLICY)
    await olga.call('POST /v1/groups', { slug: 'strict', name: 's', policy: { max_token_lifetime: '7d' } })
    const strict = { max_token_lifetime: '7d', default_token_lifetime: '7d' }
    t.same(await ask('?groups=strict,unknown'), { ...BUILT_IN_POLICY, ...strict })
    t.same(await ask('?groups=*'), { ...BUILT_IN_POLICY, ...strict })
    const otto = await service.asNewPerson('otto')
    t.same((await otto.call('GET /v1/policy/effective?groups=strict')).body, BUILT_IN_POLICY, 'not theirs to see')
    t.equal((await otto.call(`GET /v1/policy/effective?owner=${olga.userId}`)).status, 404)
    t.equal((await otto.call('GET /v1/policy/effective?group=strict')).status, 400)
  })

  const bad: Record<string, object> = {
    'an unknown field': { max_lifetime: '30d' },
    'a sum of durations': { max_token_lifetime: '1h30m' },
    'a duration of nothing': { max_token_lifetime: '0d' },
    'no default lifetime': { default_token_lifetime: null },
    'never as a default': { default_token_lifetime: 'never' },
    'a flag as text': { require_expiry: 'true' },
    'no tokens at all': { max_tokens_per_owner: 0 },
    'half a token': { max_tokens_per_owner: 1.5 },
    'an unknown entity type': { allowed_entity_types: ['nothing'] },
    'an entity type twice': { allowed_entity_types: ['dataset', 'dataset'] },
    'an entity type of another type': { allowed_entity_types: 'dataset' },
    'no retention': { retention_days: 0 },
    'a notice of nothing': { notify_before_expiry: ['0s'] },
    'another answer to reuse': { on_reuse: 'ignore' }
  }
  for (const [name, body] of Object.entries(bad)) {
    await t.test(`${name} is refused, for the instance and for a group`, async (t) => {
      t.equal((await admin.call('PATCH /v1/policy', body)).status, 400)
      const isNoDemand = 'default_token_lifetime' in body && body.default_token_lifetime === null
      const created = await olga.call('POST /v1/groups', {
        slug: `bad-${Object.keys(bad).indexOf(name)}`,
        name,
        policy: body
      })
      t.equal(created.status, isNoDemand ? 201 : 400)
    })
  }

  await t.test('the groups that a token names have a say, and so has the home of a bot', async (t) => {
    await olga.call('POST /v1/groups', { slug: 'brief', name: 'Brief', policy: { max_token_lifetime: '7d' } })
    await olga.call('POST /v1/groups', { slug: 'single', name: 'Single', policy: { max_tokens_per_owner: 1 } })
    const effective = (ownerId: string, groups: string[]) =>
      service.deps.database.transaction().execute((transaction) => policyFor(transaction, { ownerId, groups }))
    t.same(await effective(olga.userId, []), BUILT_IN_POLICY)
    t.match(await effective(olga.userId, ['brief']), {
      max_token_lifetime: '7d',
      default_token_lifetime: '7d',
      max_tokens_per_owner: null
    })
    t.match(await effective(olga.userId, ['*']), { max_token_lifetime: '7d', max_tokens_per_owner: 1 })
    t.same(await effective(admin.userId, ['*']), BUILT_IN_POLICY, 'every group of the owner, and no other')
  })
})
