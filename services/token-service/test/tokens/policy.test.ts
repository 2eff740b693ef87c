import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { makeCrew } from '../support/bots.ts'
import { resolveSecret, stateOf } from '../support/resolve.ts'
import { openService } from '../support/service.ts'

const DAY_MS = 86_400_000
const scope = (group: string, entity_type = 'dashboard') => ({
  group,
  entity_type,
  entity_id: '*',
  operations: ['read']
})

/** What a policy says when nobody has set anything. */
const OPEN = {
  max_token_lifetime: null,
  require_expiry: true,
  max_tokens_per_owner: null,
  allowed_entity_types: null,
  delete_only_inactive: true
}

test('policy and tokens', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const admin = await service.asAdmin()
  const owner = await service.asNewPerson('olga')
  const { botId } = await makeCrew(owner, 'crew', {})
  await owner.call('POST /v1/groups', { slug: 'free', name: 'Free' })

  const instance = (policy: object) => admin.call('PATCH /v1/policy', { ...OPEN, ...policy })
  const ofCrew = (policy: object) => owner.call('PATCH /v1/groups/crew', { policy })
  const create = async (fields: object) => {
    const { status, body } = await owner.call('POST /v1/tokens', { name: 'x', scopes: [], ...fields })
    return status === 201 ? 'created' : body.code
  }
  t.afterEach(async () => {
    await owner.call('DELETE /v1/tokens?confirm=all')
    await instance({})
    await ofCrew({ max_token_lifetime: null, allowed_entity_types: null, max_tokens_per_owner: null })
  })

  await t.test('a lifetime beyond the cap is refused, never shortened', async (t) => {
    await instance({ max_token_lifetime: '7d' })
    t.equal(await create({ expires_in: '8d' }), 'policy_violation')
    t.equal(await create({ expires_at: new Date(clock.now() + 7 * DAY_MS + 1).toISOString() }), 'policy_violation')
    t.equal(await create({ expires_in: '7d' }), 'created')
    await instance({ max_token_lifetime: '7d', require_expiry: false })
    t.equal(await create({ expires_in: 'never' }), 'policy_violation', 'never is longer than every cap')
    await instance({ require_expiry: false })
    t.equal(await create({ expires_in: 'never' }), 'created')
  })

  await t.test('the groups that scopes name have a say, with * all of the owner, with a bot its own', async (t) => {
    await ofCrew({ max_token_lifetime: '1d' })
    t.equal(await create({ expires_in: '2d' }), 'created')
    t.equal(await create({ expires_in: '2d', scopes: [scope('free')] }), 'created')
    t.equal(await create({ expires_in: '2d', scopes: [scope('crew')] }), 'policy_violation')
    t.equal(await create({ expires_in: '2d', scopes: [scope('*')] }), 'policy_violation')
    t.equal(await create({ expires_in: '2d', owner: botId }), 'policy_violation')
    const { id } = await owner.createToken({ expires_in: '2d' })
    const added = await owner.call(`POST /v1/tokens/${id}/scopes`, { scopes: [scope('crew')] })
    t.equal(added.body.code, 'policy_violation', 'nor later')
  })

  await t.test('entity types', async (t) => {
    await ofCrew({ allowed_entity_types: ['dataset'] })
    t.equal(await create({ scopes: [scope('crew')] }), 'policy_violation')
    t.equal(await create({ scopes: [scope('crew', 'dataset')] }), 'created')
    t.equal(await create({ scopes: [scope('free')] }), 'created')
  })

  await t.test('17. one token per owner, and N: active ones count, also on restore and regenerate', async (t) => {
    await instance({ max_tokens_per_owner: 1 })
    const first = await owner.createToken()
    t.equal(await create({}), 'policy_violation')
    t.equal((await owner.call(`POST /v1/tokens/${first.id}/regenerate`, { expires_in: '1d' })).status, 200, 'itself')
    await owner.call(`POST /v1/tokens/${first.id}/revoke`)
    t.equal(await create({}), 'created')
    for (const call of ['restore', 'regenerate']) {
      const answer = await owner.call(
        `POST /v1/tokens/${first.id}/${call}`,
        call === 'restore' ? {} : { expires_in: '1d' }
      )
      t.equal(answer.body.code, 'policy_violation', call)
    }
    t.equal(await create({ owner: botId }), 'created', 'each owner has their own')
    await instance({ max_tokens_per_owner: 3 })
    t.same([await create({}), await create({}), await create({})], ['created', 'created', 'policy_violation'])
  })

  await t.test('of many at once, no more than allowed are made', async (t) => {
    await instance({ max_tokens_per_owner: 3 })
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => create({})))
    t.equal(outcomes.filter((outcome) => outcome === 'created').length, 3)
  })

  await t.test('every policy is looked at again on restore, regenerate and rotate', async (t) => {
    const { id, secret } = await owner.createToken({ expires_in: '20d', scopes: [scope('crew')] })
    await ofCrew({ max_token_lifetime: '10d' })
    const call = async (name: string, body: object = {}) =>
      (await owner.call(`POST /v1/tokens/${id}/${name}`, body)).body.code ?? 'done'
    t.equal(await call('rotate'), 'policy_violation')
    t.equal(await call('rotate', { expires_in: '11d' }), 'policy_violation')
    t.equal(await call('regenerate', { expires_in: '11d' }), 'policy_violation')
    t.equal(await stateOf(service, secret), 'works', 'what was refused changed nothing')
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    t.equal(await call('restore'), 'policy_violation')
    t.equal(await call('regenerate', { expires_in: '10d' }), 'done')
    t.equal(await call('rotate', { expires_in: '9d' }), 'done')
  })

  await t.test(
    'at use the cap of the instance is an earlier expiry, counted from when the secret was issued',
    async (t) => {
      const { secret } = await owner.createToken({ expires_in: '20d' })
      clock.advance(2 * DAY_MS)
      const fresh = await service.asAdmin()
      await fresh.call('PATCH /v1/policy', { max_token_lifetime: '3d' })
      const answer = await resolveSecret(service, secret)
      t.match(answer, { valid: true, snapshot: { expires_at: new Date(clock.now() + DAY_MS).toISOString() } })
      clock.advance(DAY_MS)
      t.equal(await stateOf(service, secret), 'expired')
      clock.set(Date.UTC(2030, 0, 1))
    }
  )

  await t.test('at use the cap of a group comes with the snapshot', async (t) => {
    const { secret } = await owner.createToken({ expires_in: '20d', scopes: [scope('crew')] })
    t.notOk('group_caps' in ((await resolveSecret(service, secret)) as { snapshot: object }).snapshot)
    await ofCrew({ max_token_lifetime: '3d' })
    const caps = { crew: new Date(clock.now() + 3 * DAY_MS).toISOString() }
    t.match(await resolveSecret(service, secret), { valid: true, snapshot: { group_caps: caps } })
  })

  await t.test('where policy allows it, an active token is deleted', async (t) => {
    const { id } = await owner.createToken()
    t.equal((await owner.call(`DELETE /v1/tokens/${id}`)).status, 409)
    await instance({ delete_only_inactive: false })
    t.equal((await owner.call(`DELETE /v1/tokens/${id}`)).status, 204)
  })
})
