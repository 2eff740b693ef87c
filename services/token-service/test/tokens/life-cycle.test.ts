import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { eventsOf } from '../support/events.ts'
import { stateOf } from '../support/resolve.ts'
import { openService } from '../support/service.ts'

const DAY_MS = 86_400_000
const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }

test('the life of a token', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const owner = await service.asNewPerson('olga')
  await owner.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })
  const works = (secret: string) => stateOf(service, secret)

  await t.test('a change leaves the token working, and says what it changed', async (t) => {
    const { secret, ...token } = await owner.createToken({ rate_limit: { requests: 1, per_seconds: 1 } })
    clock.advance(1000)
    const patch = { name: 'new', description: 'text', self_rotate: true, allowed_addresses: ['10.0.0.0/8'] }
    const { status, body } = await owner.call(`PATCH /v1/tokens/${token.id}`, { ...patch, rate_limit: null })
    t.equal(status, 200)
    t.same(body, { ...token, ...patch, rate_limit: null, updated_at: new Date(clock.now()).toISOString() })
    t.equal(await works(secret), 'works')
    const again = await owner.call(`PATCH /v1/tokens/${token.id}`, patch)
    t.same(again.body, body, 'what is so already changes nothing')
    const told = (await eventsOf(service.deps)).filter((event) => event.target?.id === token.id)
    t.same(
      told.map((event) => event.type),
      ['token.created', 'token.updated']
    )
  })

  await t.test('an expiry only ever moves earlier', async (t) => {
    const { id, expires_at: expiresAt } = await owner.createToken({ expires_in: '10d' })
    const patch = async (wish: unknown) => (await owner.call(`PATCH /v1/tokens/${id}`, { expires_at: wish })).status
    const at = (ms: number) => new Date(ms).toISOString()
    t.equal(await patch(at(Date.parse(expiresAt) + 1)), 400, 'later')
    t.equal(await patch(null), 400, 'never')
    t.equal(await patch(at(clock.now())), 400, 'now')
    t.equal(await patch(expiresAt), 200, 'the same')
    t.equal(await patch(at(clock.now() + DAY_MS)), 200, 'earlier')
    t.equal(await patch(expiresAt), 400, 'back again')
  })

  await t.test('a restored token works with the same secret', async (t) => {
    const { id, secret } = await owner.createToken()
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    t.equal(await works(secret), 'revoked')
    const restored = await owner.call(`POST /v1/tokens/${id}/restore`)
    t.match(restored.body, { status: 'active', revoked_at: null, revoked_by: null, revoked_reason: null })
    t.equal(await works(secret), 'works')
    t.equal((await owner.call(`POST /v1/tokens/${id}/restore`)).status, 409, 'an active one cannot be restored')
  })

  await t.test('an expired token cannot be restored', async (t) => {
    const { id } = await owner.createToken({ expires_in: '1h' })
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    clock.advance(3_600_000)
    t.equal((await owner.call(`POST /v1/tokens/${id}/restore`)).status, 409)
  })

  for (const before of ['active', 'revoked', 'expired']) {
    await t.test(`a token that is ${before} is regenerated`, async (t) => {
      const { secret: old, ...token } = await owner.createToken({ scopes: [SCOPE], expires_in: '1h' })
      if (before === 'revoked') await owner.call(`POST /v1/tokens/${token.id}/revoke`)
      if (before === 'expired') clock.advance(3_600_000)
      const answer = await owner.call(`POST /v1/tokens/${token.id}/regenerate`, { expires_in: '2d' })
      t.equal(answer.status, 200)
      t.equal(answer.headers['cache-control'], 'no-store')
      const { id, name, description, scopes, created_at } = token
      t.match(answer.body, { id, name, description, scopes, created_at, status: 'active', revoked_at: null })
      t.equal(Date.parse(answer.body.expires_at) - clock.now(), 2 * DAY_MS)
      t.not(answer.body.secret, old)
      t.equal(answer.body.previous_secret, null)
      t.equal(await works(old), 'revoked')
      t.equal(await works(answer.body.secret), 'works')
    })
  }

  await t.test('a regeneration that is refused changes nothing', async (t) => {
    const { id, secret } = await owner.createToken()
    for (const body of [{}, { expires_in: '0s' }, { expires_in: 'never' }, { expires_at: '2000-01-01T00:00:00Z' }]) {
      t.not((await owner.call(`POST /v1/tokens/${id}/regenerate`, body)).status, 200, JSON.stringify(body))
    }
    t.equal(await works(secret), 'works')
  })

  await t.test('all tokens of an owner are deleted, active ones too', async (t) => {
    const busy = await service.asNewPerson('bea')
    const { secret } = await busy.createToken()
    await busy.createToken()
    for (const query of ['', '?confirm=yes', '?confirm=all&owner=*', '?confirm=all&status=all']) {
      t.equal((await busy.call(`DELETE /v1/tokens${query}`)).status, 400, query || 'without a word')
    }
    const answer = await busy.call('DELETE /v1/tokens?confirm=all')
    t.same([answer.status, answer.body], [200, { deleted: 2 }])
    t.equal(await works(secret), 'unknown')
    t.same((await busy.call('DELETE /v1/tokens?confirm=all')).body, { deleted: 0 })
    t.equal((await busy.call(`DELETE /v1/tokens?confirm=all&owner=${owner.userId}`)).status, 404)
    const admin = await service.asAdmin()
    await busy.createToken()
    t.same((await admin.call(`DELETE /v1/tokens?confirm=all&owner=${busy.userId}`)).body, { deleted: 1 })
  })

  await t.test('more tokens than fit into one batch are deleted, each with its own event', async (t) => {
    const hoarder = await service.asNewPerson('hans')
    await Promise.all(Array.from({ length: 20 }, () => hoarder.createToken()))
    const { folded_name: _, ...row } = await service.deps.database
      .selectFrom('tokens')
      .selectAll()
      .where('owner_id', '=', hoarder.userId)
      .executeTakeFirstOrThrow()
    const copies = Array.from({ length: 1_000 }, (_, index) => ({
      ...row,
      id: `0198c0de-0000-7000-8000-${String(index).padStart(12, '0')}`
    }))
    await service.deps.database.insertInto('tokens').values(copies).execute()
    t.same((await hoarder.call('DELETE /v1/tokens?confirm=all')).body, { deleted: 1_020 })
    const told = (await eventsOf(service.deps)).filter(
      (event) => event.type === 'token.deleted' && event.details.owner_id === hoarder.userId
    )
    t.equal(told.length, 1_020)
  })
})
