import type { AddressInfo } from 'node:net'
import { manualClock, rawRequest } from '@patgate/test-kit'
import { test } from 'tap'
import { makeCrew } from './support/bots.ts'
import { createClient } from './support/client.ts'
import { eventsOf } from './support/events.ts'
import { resolveSecret, stateOf } from './support/resolve.ts'
import { openService } from './support/service.ts'

const DAY_MS = 86_400_000
const scope = (entity_id: string, operations = ['read']) => ({
  group: 'crew',
  entity_type: 'dashboard',
  entity_id,
  operations
})

test('what users of the four systems must be able to do with tokens', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const owner = await service.asNewPerson('olga')
  const maintainer = await service.asNewPerson('mia')
  const guest = await service.asNewPerson('gerd')
  const { botId } = await makeCrew(owner, 'crew', { maintainer, guest })
  const holding = (token: string) => createClient(service.app, { token, user: { id: '' } })

  for (const length of [0, 1, 'pat'.length, 'pat_'.length, 42, 43, 1_000, 1_000_000]) {
    await t.test(`4. a malformed token of ${length} characters: 401, no crash`, async (t) => {
      const token = 'pat_'.padEnd(length, '0').slice(0, length)
      const { status, headers } = await holding(token).call('GET /v1/tokens/self')
      t.equal(status, 401)
      t.match(headers['www-authenticate'], /^Bearer realm="patgate"/)
    })
  }

  await t.test('4. a token of 1 MB in a header: 431 as a problem, before anybody reads it, and no crash', async (t) => {
    await service.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = service.app.server.address() as AddressInfo
    const bytes = `GET /v1/tokens/self HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer pat_${'0'.repeat(1_000_000)}\r\n\r\n`
    const [head = '', body = ''] = (await rawRequest({ port, bytes })).split('\r\n\r\n')
    t.match(head, /^HTTP\/1\.1 431 [\s\S]*content-type: application\/problem\+json/)
    t.match(JSON.parse(body), { status: 431, code: 'too_large', request_id: String })
    t.equal((await owner.call('GET /v1/tokens')).status, 200)
  })

  await t.test(
    '8. create: name, description, every form of duration, a date; the secret once, never stored by others',
    async (t) => {
      const days: Record<string, number> = { '30d': 30, '60d': 60, '90d': 90, '1y': 365, '24h': 1, '720h': 30 }
      for (const [expires_in, count] of Object.entries(days)) {
        const token = await owner.createToken({ expires_in, name: 'n', description: 'd' })
        t.equal(Date.parse(token.expires_at) - clock.now(), count * DAY_MS, expires_in)
      }
      const answer = await owner.call('POST /v1/tokens', { name: 'n', scopes: [], expires_at: '2030-02-01T00:00:00Z' })
      t.equal(answer.headers['cache-control'], 'no-store')
      t.equal(answer.body.expires_at, '2030-02-01T00:00:00.000Z')
      for (const call of [`GET /v1/tokens/${answer.body.id}`, 'GET /v1/tokens?status=all']) {
        t.notMatch((await owner.call(call)).text, /pat_[0-9A-Za-z]{38}|"secret"|digest|hash/, call)
      }
    }
  )

  await t.test('9. scopes: given at creation or later; an empty set may do nothing', async (t) => {
    const { id, secret } = await owner.createToken()
    t.match(await resolveSecret(service, secret), { valid: true, snapshot: { scopes: [] } })
    await owner.call(`POST /v1/tokens/${id}/scopes`, { scopes: [scope('a')] })
    t.match(await resolveSecret(service, secret), { snapshot: { scopes: [scope('a')] } })
  })

  await t.test('10. list: statuses, name, total, last use', async (t) => {
    const lister = await service.asNewPerson('lea')
    const { secret } = await lister.createToken({ name: 'Weekly export' })
    const ended = await lister.createToken({ name: 'ended' })
    await lister.createToken({ name: 'soon', expires_in: '3d' })
    await lister.call(`POST /v1/tokens/${ended.id}/revoke`)
    const names = async (query: string) => {
      const { body } = await lister.call(`GET /v1/tokens?${query}`)
      return [body.total, ...body.items.map((item: { name: string }) => item.name)]
    }
    t.same(await names(''), [2, 'soon', 'Weekly export'])
    t.same(await names('status=expiring'), [1, 'soon'])
    t.same(await names('status=revoked'), [1, 'ended'])
    t.same(await names('status=all&name=weekly'), [1, 'Weekly export'])
    t.equal((await lister.call('GET /v1/tokens')).body.items[1].last_used_at, null, 'not used')
    t.equal((await holding(secret).call('GET /v1/tokens/self')).status, 200)
  })

  await t.test('11. rename and describe: it keeps working, its status is unchanged', async (t) => {
    const { id, secret } = await owner.createToken()
    const { body } = await owner.call(`PATCH /v1/tokens/${id}`, { name: 'new', description: 'text' })
    t.match(body, { name: 'new', description: 'text', status: 'active' })
    t.equal(await stateOf(service, secret), 'works')
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    t.equal((await owner.call(`PATCH /v1/tokens/${id}`, { name: 'newer' })).body.status, 'revoked')
  })

  await t.test('12. revoke, restore, delete: at once, the same secret, only when revoked', async (t) => {
    const { id, secret } = await owner.createToken()
    const state = () => stateOf(service, secret)
    t.equal((await owner.call(`DELETE /v1/tokens/${id}`)).status, 409)
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    t.equal(await state(), 'revoked')
    await owner.call(`POST /v1/tokens/${id}/restore`)
    t.equal(await state(), 'works')
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    t.equal((await owner.call(`DELETE /v1/tokens/${id}`)).status, 204)
    t.equal(await state(), 'unknown')
  })

  await t.test('13. regenerate: a new secret and expiry, same id, name, description and scopes', async (t) => {
    const { secret: old, ...token } = await owner.createToken({ scopes: [scope('a')], description: 'd' })
    const { body } = await owner.call(`POST /v1/tokens/${token.id}/regenerate`, { expires_in: '2d' })
    const { id, name, description, scopes } = token
    t.match(body, { id, name, description, scopes })
    t.same([await stateOf(service, old), await stateOf(service, body.secret)], ['revoked', 'works'])
  })

  await t.test('14. rotate with overlap: both work; a refused one leaves the old working', async (t) => {
    const { id, secret: old } = await owner.createToken()
    t.equal((await owner.call(`POST /v1/tokens/${id}/rotate`, { expires_in: 'never' })).status, 403)
    t.equal(await stateOf(service, old), 'works')
    const { body } = await owner.call(`POST /v1/tokens/${id}/rotate`, { overlap: '5m' })
    t.same([await stateOf(service, old), await stateOf(service, body.secret)], ['works', 'works'])
  })

  await t.test('15. expiry: at its very instant, also without a sweep', async (t) => {
    const { secret } = await owner.createToken({ expires_in: '1s' })
    clock.advance(999)
    t.equal(await stateOf(service, secret), 'works')
    clock.advance(1)
    t.equal(await stateOf(service, secret), 'expired')
  })

  await t.test('18. bots: several tokens each, managed by maintainers, every action checked', async (t) => {
    const bots = [await maintainer.createToken({ owner: botId }), await maintainer.createToken({ owner: botId })]
    t.match(bots[0], { owner: { id: botId, kind: 'bot' }, created_by: maintainer.userId })
    t.equal((await maintainer.call(`GET /v1/tokens?owner=${botId}`)).body.total, 2)
    t.equal((await guest.call(`GET /v1/tokens?owner=${botId}`)).status, 404)
    for (const call of ['revoke', 'rotate', 'restore', 'regenerate']) {
      const answer = await guest.call(
        `POST /v1/tokens/${bots[0].id}/${call}`,
        call === 'regenerate' ? { expires_in: '1d' } : {}
      )
      t.equal(answer.status, 404, call)
    }
    await owner.call(`DELETE /v1/groups/crew/bots/${botId}`)
    for (const { secret } of bots) t.not(await stateOf(service, secret), 'works', 'a deleted bot has no tokens')
  })

  await t.test('19. scopes name a group, a type, an entity and operations; what is unknown is 400', async (t) => {
    const operations = ['create', 'read', 'list', 'update', 'delete', 'share', 'unshare', 'publish', 'subscribe']
    t.same((await owner.createToken({ scopes: [scope('*', operations)] })).scopes[0].operations, operations)
    const make = (wrong: object) => owner.call('POST /v1/tokens', { name: 'x', scopes: [wrong] })
    t.equal((await make({ ...scope('*'), operations: ['fly'] })).status, 400)
    t.equal((await make({ ...scope('*'), entity_type: 'rocket' })).status, 400)
  })

  await t.test('20. the right of the owner counts at every moment', async (t) => {
    const { secret } = await maintainer.createToken({ scopes: [scope('*', ['delete'])] })
    t.match(await resolveSecret(service, secret), { snapshot: { roles: { crew: 'maintainer' } } })
    await owner.call(`PUT /v1/groups/crew/members/${maintainer.userId}`, { role: 'guest' })
    t.match(await resolveSecret(service, secret), { snapshot: { roles: { crew: 'guest' } } })
    await owner.call(`DELETE /v1/groups/crew/members/${maintainer.userId}`)
    const answer = await resolveSecret(service, secret)
    t.same(answer.valid && answer.snapshot.roles, {})
  })

  await t.test('32. an event for everything that is done with a token, saying who, from where and what', async (t) => {
    const { id, scopes } = await owner.createToken({ scopes: [scope('a')] })
    const steps: [string, object?][] = [
      [`POST /v1/tokens/${id}/scopes`, { scopes: [scope('b')] }],
      [`DELETE /v1/tokens/${id}/scopes/${scopes[0].id}`],
      [`PATCH /v1/tokens/${id}`, { name: 'renamed' }],
      [`POST /v1/tokens/${id}/rotate`, {}],
      [`POST /v1/tokens/${id}/revoke`, {}],
      [`POST /v1/tokens/${id}/restore`, {}],
      [`POST /v1/tokens/${id}/regenerate`, { expires_in: '1d' }],
      [`POST /v1/tokens/${id}/revoke`, {}],
      [`DELETE /v1/tokens/${id}`]
    ]
    for (const [call, body] of steps) t.match((await owner.call(call, body)).status, /^20/, call)
    const events = (await eventsOf(service.deps)).filter((event) => event.target?.id === id)
    t.same(
      events.map(({ type }) => type.replace('token.', '')),
      [
        'created',
        'scope_added',
        'scope_removed',
        'updated',
        'rotated',
        'revoked',
        'restored',
        'regenerated',
        'revoked',
        'deleted'
      ]
    )
    for (const event of events) {
      t.match(event, {
        actor: { kind: 'session', id: owner.userId, name: 'olga', address: '127.0.0.1', user_agent: String },
        request: { method: String, path: /^\/v1\/tokens/ },
        details: { owner_id: owner.userId },
        outcome: 'success'
      })
    }
  })

  await t.test('34. no answer, event, row or log line has a secret or a digest in it', async (t) => {
    const minted: string[] = []
    const { id, secret } = await owner.createToken({ self_rotate: true })
    minted.push(secret)
    const rotated = await holding(secret).call('POST /v1/tokens/self/rotate', { overlap: '0s' })
    minted.push(rotated.body.secret)
    minted.push((await owner.call(`POST /v1/tokens/${id}/rotate`, {})).body.secret)
    await service.anybody.call('POST /v1/tokens/revoke-leaked', { tokens: minted })
    await holding(secret).call('GET /v1/tokens/self')
    const { deps } = service
    const kept = JSON.stringify([
      await eventsOf(deps),
      await deps.database.selectFrom('idempotency_keys').select('answer').execute(),
      await deps.database.selectFrom('tokens').selectAll().execute(),
      service.logs.text()
    ])
    for (const one of minted) t.notOk(kept.includes(one))
    const digests = await deps.database.selectFrom('secrets').select('digest').execute()
    for (const { digest } of digests) t.notOk(kept.includes(digest.toString('hex')))
  })
})
