import { createApp } from '@patgate/service-kit'
import { digestOf, isWellFormedToken } from '@patgate/token-format'
import { test } from 'tap'
import { policyEnforcement, serviceClientOf } from '../../src/authentication/enforcement.ts'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'

const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'
const CLIENT = { name: 'reports', audiences: ['https://reports.example.org'], groups: ['crew'] }

test('service clients', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()
  const olga = await service.asNewPerson('olga')
  await olga.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })

  const app = await createApp({ logger: service.deps.logger, enforcement: policyEnforcement(service.deps) })
  app.decorateRequest('principal', null)
  app.get('/ask', { config: { policy: 'service_client' } }, async (request) => serviceClientOf(request))
  t.teardown(() => app.close())
  const ask = (authorization?: string) =>
    app.inject({ url: '/ask', headers: authorization === undefined ? {} : { authorization } })
  const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

  await t.test('are the business of administrators', async (t) => {
    const calls = [
      'POST /v1/service-clients',
      'GET /v1/service-clients',
      `POST /v1/service-clients/${UNKNOWN_ID}/rotate`,
      `DELETE /v1/service-clients/${UNKNOWN_ID}`
    ]
    for (const call of calls) {
      t.equal((await service.anybody.call(call)).status, 401, call)
      t.equal((await olga.call(call)).status, 403, call)
    }
    for (const call of calls.slice(2)) t.equal((await admin.call(call)).status, 404, call)
  })

  const bad: Record<string, object> = {
    'no name': { ...CLIENT, name: undefined },
    'an empty name': { ...CLIENT, name: '' },
    'no audiences': { ...CLIENT, audiences: undefined },
    'an audience with a space': { ...CLIENT, audiences: ['a b'] },
    'an audience twice': { ...CLIENT, audiences: ['a', 'a'] },
    'no groups': { ...CLIENT, groups: undefined },
    'a group that is none': { ...CLIENT, groups: ['Crew'] },
    'an unknown group': { ...CLIENT, groups: ['crew', 'nowhere'] },
    'every group': { ...CLIENT, groups: ['*'] },
    'an unknown field': { ...CLIENT, secret: 'mine' }
  }
  for (const [name, body] of Object.entries(bad)) {
    await t.test(`${name} is refused`, async (t) => {
      t.equal((await admin.call('POST /v1/service-clients', body)).status, 400)
    })
  }

  await t.test('get a secret once, which is kept as a digest only, and let themselves in with it', async (t) => {
    const created = await admin.call('POST /v1/service-clients', CLIENT)
    t.equal(created.status, 201)
    t.equal(created.headers['cache-control'], 'no-store')
    const { secret, ...client } = created.body
    t.match(client, { ...CLIENT, created_by: admin.userId, rotated_at: null })
    t.ok(isWellFormedToken(secret, 'patsc'))
    t.same((await admin.call('GET /v1/service-clients')).body, { items: [client], next_cursor: null })
    const row = await service.deps.database.selectFrom('service_clients').selectAll().executeTakeFirstOrThrow()
    t.same(row.secret_digest, digestOf(secret))
    t.notMatch(JSON.stringify(await eventsOf(service.deps)), secret.slice(6))
    t.notMatch(service.logs.text(), secret)

    const answer = await ask(basic(client.id, secret))
    t.equal(answer.statusCode, 200)
    t.same(answer.json(), { kind: 'service_client', clientId: client.id, ...CLIENT })
    t.equal(
      (await service.anybody.call('GET /v1/tokens', undefined, { authorization: `Bearer ${secret}` })).status,
      401
    )
  })

  await t.test('with anything else it is one and the same 401', async (t) => {
    const { id, secret } = (await admin.call('POST /v1/service-clients', { ...CLIENT, groups: [] })).body
    const wrong = [
      undefined,
      'Basic',
      'Basic !',
      `Bearer ${secret}`,
      basic(id, ''),
      basic(id, `${secret}x`),
      basic(id, secret.toUpperCase()),
      basic(UNKNOWN_ID, secret),
      basic("x' or '1'='1", secret),
      basic('', secret),
      `Basic ${Buffer.from(id).toString('base64')}`
    ]
    const bodies = new Set<string>()
    for (const authorization of wrong) {
      const answer = await ask(authorization)
      t.equal(answer.statusCode, 401, authorization ?? 'nothing')
      t.match(answer.headers['www-authenticate'], /^Basic realm="patgate"/)
      bodies.add(JSON.stringify({ ...answer.json(), request_id: null }))
    }
    t.equal(bodies.size, 1)
    t.equal((await ask(basic(id, secret))).statusCode, 200)
  })

  await t.test('lose the old secret by a rotation, and everything when they are deleted', async (t) => {
    const { id, secret } = (await admin.call('POST /v1/service-clients', CLIENT)).body
    const rotated = await admin.call(`POST /v1/service-clients/${id}/rotate`)
    t.equal(rotated.status, 200)
    t.match(rotated.body, { id, ...CLIENT, rotated_at: String })
    t.equal((await ask(basic(id, secret))).statusCode, 401)
    t.equal((await ask(basic(id, rotated.body.secret))).statusCode, 200)
    t.equal((await admin.call(`DELETE /v1/service-clients/${id}`)).status, 204)
    t.equal((await ask(basic(id, rotated.body.secret))).statusCode, 401)
    t.equal((await admin.call(`DELETE /v1/service-clients/${id}`)).status, 404)
    const types = (await eventsOf(service.deps)).filter(({ target }) => target?.id === id).map(({ type }) => type)
    t.same(types, ['service_client.created', 'service_client.rotated', 'service_client.deleted'])
  })

  await t.test('lose a group with the group', async (t) => {
    const { id } = (await admin.call('POST /v1/service-clients', CLIENT)).body
    await olga.call('DELETE /v1/groups/crew')
    const { body } = await admin.call('GET /v1/service-clients?limit=100')
    t.same(body.items.find((client: { id: string }) => client.id === id).groups, [])
  })
})
