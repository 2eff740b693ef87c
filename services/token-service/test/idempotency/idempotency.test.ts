import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { forgetOldKeys } from '../../src/idempotency/forget-old-keys.ts'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'

const HOUR_MS = 3_600_000
const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }

test('calls that are sent again under the same key', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  let owner = await service.asNewPerson('olga')
  await owner.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })
  const body = { name: 'ci', scopes: [], expires_in: '30d' }
  const send = (call: string, sent: unknown, key: string, client = owner) =>
    client.call(call, sent, { 'idempotency-key': key })
  const tokenCount = async () => (await owner.call('GET /v1/tokens?status=all')).body.total

  await t.test('a replay answers the original status and body, without the secret', async (t) => {
    const first = await send('POST /v1/tokens', body, 'a')
    t.equal(first.headers['idempotent-replayed'], undefined)
    const again = await send('POST /v1/tokens', { expires_in: '30d', scopes: [], name: 'ci' }, 'a')
    t.equal(again.status, 201)
    t.equal(again.headers['idempotent-replayed'], 'true')
    t.equal(again.headers['cache-control'], 'no-store')
    t.same(again.body, { ...first.body, secret: null })
    t.equal(await tokenCount(), 1)
  })

  await t.test('the same key with another body is a conflict', async (t) => {
    const { status, body: problem } = await send('POST /v1/tokens', { ...body, name: 'other' }, 'a')
    t.same([status, problem.code], [409, 'conflict'])
  })

  await t.test('a key holds for its caller, method and path only', async (t) => {
    const other = await service.asNewPerson('sam')
    const { status, headers } = await send('POST /v1/tokens', body, 'a', other)
    t.same([status, headers['idempotent-replayed']], [201, undefined])
    const { id } = await owner.createToken()
    t.equal((await send(`POST /v1/tokens/${id}/revoke`, {}, 'a')).headers['idempotent-replayed'], undefined)
  })

  await t.test('what failed leaves the key free', async (t) => {
    t.equal((await send('POST /v1/tokens', { ...body, expires_in: 'never' }, 'free')).status, 403)
    t.equal((await send('POST /v1/tokens', body, 'free')).status, 201)
  })

  await t.test('of many at once, one does it and the others replay', async (t) => {
    const before = await tokenCount()
    const answers = await Promise.all(Array.from({ length: 12 }, () => send('POST /v1/tokens', body, 'many')))
    t.same(new Set(answers.map((answer) => answer.status)), new Set([201]))
    t.equal(new Set(answers.map((answer) => answer.body.id)).size, 1)
    t.equal(answers.filter((answer) => answer.body.secret !== null).length, 1)
    t.equal(await tokenCount(), before + 1)
  })

  await t.test('every POST on a token is done once', async (t) => {
    const { id } = await owner.createToken({ scopes: [SCOPE] })
    const calls: [string, object][] = [
      [`POST /v1/tokens/${id}/scopes`, { scopes: [{ ...SCOPE, operations: ['list'] }] }],
      [`POST /v1/tokens/${id}/narrow`, { scopes: [SCOPE] }],
      [`POST /v1/tokens/${id}/revoke`, {}],
      [`POST /v1/tokens/${id}/restore`, {}],
      [`POST /v1/tokens/${id}/regenerate`, { expires_in: '1d' }],
      [`POST /v1/groups/crew/tokens/${id}/block`, {}]
    ]
    for (const [call, sent] of calls) {
      const first = await send(call, sent, 'each')
      const events = (await eventsOf(service.deps)).length
      const again = await send(call, sent, 'each')
      t.equal(again.status, first.status, call)
      t.equal(again.headers['idempotent-replayed'], 'true', call)
      const { propagation: _one, ...kept } = { ...first.body, ...('secret' in first.body ? { secret: null } : {}) }
      const { propagation: _other, ...replayed } = again.body
      t.same(replayed, kept, call)
      t.equal((await eventsOf(service.deps)).length, events, `${call}: nothing happened again`)
    }
  })

  await t.test('a replay is refused to whoever has lost the right since', async (t) => {
    const maintainer = await service.asNewPerson('mia')
    await owner.call(`PUT /v1/groups/crew/members/${maintainer.userId}`, { role: 'maintainer' })
    const { body: bot } = await owner.call('POST /v1/groups/crew/bots', { name: 'b', role: 'guest' })
    const made = await send('POST /v1/tokens', { ...body, owner: bot.id }, 'right', maintainer)
    const { id } = made.body
    const calls: [string, object][] = [
      ['POST /v1/tokens', { ...body, owner: bot.id }],
      [`POST /v1/tokens/${id}/revoke`, {}],
      [`POST /v1/tokens/${id}/restore`, {}],
      [`POST /v1/tokens/${id}/regenerate`, { expires_in: '1d' }],
      [`POST /v1/tokens/${id}/scopes`, { scopes: [SCOPE] }],
      [`POST /v1/tokens/${id}/narrow`, { scopes: [SCOPE] }],
      [`POST /v1/groups/crew/tokens/${id}/block`, {}]
    ]
    for (const [call, sent] of calls) t.match((await send(call, sent, 'right', maintainer)).status, /^20/, call)
    await owner.call(`DELETE /v1/groups/crew/members/${maintainer.userId}`)
    for (const [call, sent] of calls) t.equal((await send(call, sent, 'right', maintainer)).status, 404, call)
  })

  for (const key of ['', 'two words', 'ü', 'x'.repeat(256)]) {
    await t.test(`the key ${JSON.stringify(key.slice(0, 9))} is refused`, async (t) => {
      t.equal((await send('POST /v1/tokens', body, key)).status, 400)
    })
  }

  await t.test('no secret and no digest of one is kept', async (t) => {
    const { secret } = (await send('POST /v1/tokens', body, 'kept')).body
    const rows = await service.deps.database.selectFrom('idempotency_keys').select('answer').execute()
    t.ok(rows.length > 0)
    t.notMatch(JSON.stringify(rows), secret)
    t.notMatch(JSON.stringify(rows), /pat_[0-9A-Za-z]{38}/)
  })

  await t.test('after a day the key is new again', async (t) => {
    await send('POST /v1/tokens', body, 'day')
    clock.advance(24 * HOUR_MS - 1)
    owner = await service.signIn('olga@example.org', 'the password of olga')
    await forgetOldKeys(service.deps)
    t.equal((await send('POST /v1/tokens', body, 'day')).headers['idempotent-replayed'], 'true')
    clock.advance(1)
    const { status, headers } = await send('POST /v1/tokens', { ...body, name: 'new' }, 'day')
    t.same([status, headers['idempotent-replayed']], [201, undefined])
    await forgetOldKeys(service.deps)
    const left = await service.deps.database.selectFrom('idempotency_keys').select('key').execute()
    t.same(
      left.map(({ key }) => key),
      ['day']
    )
  })
})
