import { createHash } from 'node:crypto'
import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { makeCrew } from './support/bots.ts'
import { createClient } from './support/client.ts'
import { eventsOf } from './support/events.ts'
import { resolveSecret, stateOf } from './support/resolve.ts'
import { openService } from './support/service.ts'

const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'
const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }

test('defects of the four systems that must not come back', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const admin = await service.asAdmin()
  const owner = await service.asNewPerson('olga')
  const stranger = await service.asNewPerson('sam')
  const { botId } = await makeCrew(owner, 'crew', {})
  const holding = (token: string) => createClient(service.app, { token, user: { id: '' } })

  await t.test(
    '3. deleting all scopes ends the rights at once, and deleting a token all that was known of it',
    async (t) => {
      const { id, secret } = await owner.createToken({ scopes: [SCOPE, { ...SCOPE, entity_id: 'a' }] })
      await owner.call(`DELETE /v1/tokens/${id}/scopes`)
      t.match(await resolveSecret(service, secret), { valid: true, snapshot: { scopes: [] } })
      await owner.call(`POST /v1/tokens/${id}/revoke`)
      await owner.call(`DELETE /v1/tokens/${id}`)
      t.equal(await stateOf(service, secret), 'unknown')
      const change = await service.deps.database
        .selectFrom('changes')
        .select('selector')
        .orderBy('seq', 'desc')
        .executeTakeFirstOrThrow()
      t.match(change.selector, { digests: [/^[0-9a-f]{64}$/] }, 'and every cache is told')
    }
  )

  await t.test('4. no call answers a secret that was not just minted, nor its hash', async (t) => {
    const { id } = await owner.createToken({ scopes: [SCOPE] })
    const calls: [string, object?][] = [
      [`GET /v1/tokens/${id}`],
      ['GET /v1/tokens'],
      [`PATCH /v1/tokens/${id}`, { name: 'n', description: 'd' }],
      [`GET /v1/tokens/${id}/scopes`],
      [`POST /v1/tokens/${id}/revoke`, {}],
      [`POST /v1/tokens/${id}/restore`, {}],
      ['GET /v1/groups/crew/tokens']
    ]
    const digests = await service.deps.database.selectFrom('secrets').select('digest').execute()
    for (const [call, body] of calls) {
      const { text } = await owner.call(call, body)
      t.notMatch(text, /pat_[0-9A-Za-z]{38}|"secret"/, call)
      for (const { digest } of digests) {
        t.notOk(text.includes(digest.toString('hex')) || text.includes(digest.toString('base64')), call)
      }
    }
  })

  await t.test("5. somebody else's token, known by its id, is 404 for every call, its scopes too", async (t) => {
    const { id, scopes, secret } = await owner.createToken({ scopes: [SCOPE] })
    const calls = (of: string): [string, object?][] => [
      [`GET /v1/tokens/${of}`],
      [`DELETE /v1/tokens/${of}`],
      [`POST /v1/tokens/${of}/revoke`, {}],
      [`GET /v1/tokens/${of}/scopes`],
      [`POST /v1/tokens/${of}/scopes`, { scopes: [SCOPE] }],
      [`DELETE /v1/tokens/${of}/scopes`],
      [`DELETE /v1/tokens/${of}/scopes/${scopes[0].id}`]
    ]
    for (const [call, body] of [...calls(id), ...calls(UNKNOWN_ID)]) {
      t.equal((await stranger.call(call, body)).status, 404, call)
    }
    t.match(await resolveSecret(service, secret), { valid: true, snapshot: { scopes } })
  })

  for (const token of ['pat', 'pat_', 'pat_pat_', '__', 'pat_'.repeat(30)]) {
    await t.test(`6. the token ${token.slice(0, 12)} is 401 and harms nobody`, async (t) => {
      t.equal((await holding(token).call('GET /v1/tokens/self')).status, 401)
      t.equal((await owner.call('GET /v1/tokens')).status, 200)
    })
  }

  await t.test('7. use and change are on record: when a secret was first used, and each event', async (t) => {
    const { id, secret } = await owner.createToken()
    await holding(secret).call('GET /v1/tokens/self')
    const { last_used_at } = await service.deps.database
      .selectFrom('secrets')
      .select('last_used_at')
      .where('token_id', '=', id)
      .executeTakeFirstOrThrow()
    t.same(last_used_at, new Date(clock.now()))
    t.ok((await eventsOf(service.deps)).some((event) => event.type === 'token.created' && event.target?.id === id))
  })

  await t.test("7. an administrator's token has the roles of its owner in groups, and no others", async (t) => {
    const { secret } = await admin.createToken({ expires_in: '1d' })
    t.match(await resolveSecret(service, secret), { valid: true, snapshot: { scopes: [] } })
    const answer = await resolveSecret(service, secret)
    t.same(answer.valid && answer.snapshot.roles, {}, 'none in the crew, which is not theirs')
    const scoped = await admin.call('POST /v1/tokens', { name: 'x', scopes: [SCOPE] })
    t.equal(scoped.status, 400, 'nor may it name the crew')
  })

  await t.test('10. durations are those the documents name, and none is zero or negative', async (t) => {
    t.ok((await owner.createToken({ expires_in: '30d' })).id)
    for (const expires_in of ['0s', '-1h', '1h30m', '30 days']) {
      t.equal((await owner.call('POST /v1/tokens', { name: 'x', scopes: [], expires_in })).status, 400, expires_in)
    }
  })

  await t.test('11. a disabled owner has no working tokens', async (t) => {
    const leaver = await service.asNewPerson('lea')
    const { secret } = await leaver.createToken()
    await admin.call(`PATCH /v1/users/${leaver.userId}`, { disabled: true })
    t.not(await stateOf(service, secret), 'works')
    t.equal((await holding(secret).call('GET /v1/tokens/self')).status, 401)
  })

  await t.test("14. a bot's token is revoked by its group's maintainers only, by the action itself", async (t) => {
    const { id, secret } = await owner.createToken({ owner: botId })
    t.equal((await stranger.call(`POST /v1/tokens/${id}/revoke`)).status, 404)
    t.equal(await stateOf(service, secret), 'works')
  })

  await t.test(
    '15. a rotation that is refused leaves the old secret working; one that is done extends the expiry',
    async (t) => {
      const { id, secret, expires_at } = await owner.createToken({ expires_in: '20d' })
      await admin.call('PATCH /v1/policy', { max_token_lifetime: '10d' })
      t.equal((await owner.call(`POST /v1/tokens/${id}/rotate`)).body.code, 'policy_violation')
      await admin.call('PATCH /v1/policy', { max_token_lifetime: null })
      t.equal(await stateOf(service, secret), 'works')
      clock.advance(60_000)
      const { body } = await owner.call(`POST /v1/tokens/${id}/rotate`)
      t.ok(body.expires_at > expires_at)
    }
  )

  await t.test('16. an invalid token is a real 401, with a challenge', async (t) => {
    const { id, secret } = await owner.createToken()
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    for (const token of [secret, 'pat_000000000000000000000000000000000dawQ1', 'garbage']) {
      const { status, headers } = await holding(token).call('GET /v1/tokens/self')
      t.equal(status, 401)
      t.match(headers['www-authenticate'], /error="invalid_token"/)
    }
  })

  await t.test('18. who revoked, and who rotated, is on record', async (t) => {
    const { id } = await owner.createToken()
    await owner.call(`POST /v1/tokens/${id}/rotate`)
    await admin.call(`POST /v1/tokens/${id}/revoke`)
    t.match((await owner.call(`GET /v1/tokens/${id}`)).body, { revoked_by: admin.userId, revoked_reason: 'admin' })
    const actors = (await eventsOf(service.deps))
      .filter((event) => event.target?.id === id)
      .map(({ type, actor }) => [type, actor.id])
    t.same(actors, [
      ['token.created', owner.userId],
      ['token.rotated', owner.userId],
      ['token.revoked', admin.userId]
    ])
  })

  await t.test('21. a cap set later binds the tokens that are older than it', async (t) => {
    await admin.call('PATCH /v1/policy', { require_expiry: false })
    const { secret } = await owner.createToken({ expires_in: 'never' })
    await admin.call('PATCH /v1/policy', { require_expiry: true, max_token_lifetime: '1h' })
    const end = new Date(clock.now() + 3_600_000).toISOString()
    t.match(await resolveSecret(service, secret), { valid: true, snapshot: { expires_at: end } })
    clock.advance(3_600_000)
    t.equal(await stateOf(service, secret), 'expired')
    await admin.call('PATCH /v1/policy', { max_token_lifetime: null })
  })

  await t.test('22. no token is stored or recorded in the clear, nor part of a path', async (t) => {
    const { secret } = await owner.createToken({ name: 'hidden' })
    const tables = ['tokens', 'secrets', 'changes', 'idempotency_keys'] as const
    const rows = await Promise.all(tables.map((table) => service.deps.database.selectFrom(table).selectAll().execute()))
    t.notOk(JSON.stringify(rows).includes(secret))
    t.notOk(service.app.printRoutes().includes(':token'))
  })

  await t.test('28. a leaked secret is not revived', async (t) => {
    const { id, secret } = await owner.createToken()
    await service.anybody.call('POST /v1/tokens/revoke-leaked', { tokens: [secret] })
    t.equal((await owner.call(`POST /v1/tokens/${id}/restore`)).status, 409)
    t.equal((await owner.call(`POST /v1/tokens/${id}/regenerate`, { expires_in: '1d' })).status, 200)
    t.not(await stateOf(service, secret), 'works')
  })

  await t.test('9. a token needs no quoting: in a URL, a header, a shell', async (t) => {
    const { secret } = await owner.createToken()
    t.equal(encodeURIComponent(secret), secret)
    t.match(secret, /^\w+$/)
  })

  await t.test(
    '13. what is stored of a token is its SHA-256 and nothing else, so that it moves with its rows',
    async (t) => {
      const { id, secret } = await owner.createToken()
      const { digest } = await service.deps.database
        .selectFrom('secrets')
        .select('digest')
        .where('token_id', '=', id)
        .executeTakeFirstOrThrow()
      t.equal(digest.toString('hex'), createHash('sha256').update(secret).digest('hex'))
    }
  )

  await t.test('20. a scanner finds tokens by their prefix', async (t) => {
    const { secret } = await owner.createToken()
    t.match(`export TOKEN="${secret}" # do not commit`, /\bpat_[0-9A-Za-z]{38}\b/)
  })

  await t.test(
    '24. an expiry, a list of addresses and a limit that are stored are part of what is enforced',
    async (t) => {
      const rate_limit = { requests: 5, per_seconds: 60 }
      const { secret, expires_at } = await owner.createToken({ allowed_addresses: ['10.0.0.0/8'], rate_limit })
      t.match(await resolveSecret(service, secret), {
        snapshot: { expires_at, allowed_addresses: ['10.0.0.0/8'], rate_limit }
      })
      t.equal((await holding(secret).call('GET /v1/tokens/self')).body.code, 'address_not_allowed')
    }
  )

  await t.test('25. a token that is deleted is forgotten under each secret it had', async (t) => {
    const { id, secret } = await owner.createToken()
    const { body } = await owner.call(`POST /v1/tokens/${id}/rotate`, { overlap: '1h' })
    t.same([await stateOf(service, secret), await stateOf(service, body.secret)], ['works', 'works'])
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    await owner.call(`DELETE /v1/tokens/${id}`)
    t.same([await stateOf(service, secret), await stateOf(service, body.secret)], ['unknown', 'unknown'])
  })

  await t.test('27. two who add scopes at once lose nothing of each other', async (t) => {
    const { id } = await owner.createToken()
    const ids = Array.from({ length: 10 }, (_, index) => `entity-${index}`)
    const add = (entity_id: string) => owner.call(`POST /v1/tokens/${id}/scopes`, { scopes: [{ ...SCOPE, entity_id }] })
    await Promise.all(ids.map(add))
    const { items } = (await owner.call(`GET /v1/tokens/${id}/scopes`)).body
    t.same(items.map(({ entity_id }: { entity_id: string }) => entity_id).sort(), ids)
  })
})
