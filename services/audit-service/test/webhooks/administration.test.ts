import type { WebhookBody, WebhookPage, WebhookWithSecret } from '@patgate/contracts'
import t from 'tap'
import { createSecretBox } from '../../src/webhooks/secrets.ts'
import { ids } from '../fixtures/people.ts'
import { runService, WEBHOOK_KEY } from '../fixtures/running-service.ts'

const RECEIVER = { name: 'a receiver', url: 'https://hooks.example.com/T0/secret-path', enabled: false }

t.test('administrators look after webhooks', async (t) => {
  const service = await runService(t)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  const create = async (body: object) => (await service.call<WebhookWithSecret>('POST /v1/webhooks', admin, body)).body
  const read = async (id: string) => (await service.get<WebhookBody>(`/v1/webhooks/${id}`, admin)).body

  await t.test('a webhook is created with a secret that nobody sees again', async (t) => {
    const { status, body, headers } = await service.call<WebhookWithSecret>('POST /v1/webhooks', admin, RECEIVER)
    t.equal(status, 201)
    t.equal(headers.get('cache-control'), 'no-store')
    t.match(body.secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
    const { secret: _secret, ...rest } = body
    t.match(rest, { kind: 'webhook', filter: {}, headers: [], behind: 0, dead_letters: 0, created_by: ids.admin })
    t.same(await read(body.id), rest)
    const { items } = (await service.get<WebhookPage>('/v1/webhooks', admin)).body
    t.notMatch(JSON.stringify(items), /whsec_/)
    const stored = await service.database.selectFrom('webhooks').selectAll().execute()
    t.notMatch(JSON.stringify(stored) + stored[0]?.sealed.toString('latin1'), /whsec_/)
  })

  await t.test('headers keep their values to themselves', async (t) => {
    const body = await create({ ...RECEIVER, kind: 'ndjson', headers: { Authorization: 'Splunk abc-123' } })
    t.same(body.headers, ['authorization'])
    t.equal(body.secret, null)
    const stored = await service.database.selectFrom('webhooks').selectAll().where('id', '=', body.id).execute()
    t.notMatch(JSON.stringify(stored) + stored[0]?.sealed.toString('latin1'), /abc-123/)
    const changed = await service.call<WebhookBody>(`PATCH /v1/webhooks/${body.id}`, admin, { headers: {} })
    t.same(changed.body.headers, [])
  })

  await t.test('it is changed field by field, rotated and deleted', async (t) => {
    const { id, secret } = await create(RECEIVER)
    const patch = { name: 'another name', filter: { types: ['token.*'], group: 'red' }, url: 'https://example.com/' }
    const changed = await service.call<WebhookBody>(`PATCH /v1/webhooks/${id}`, admin, patch)
    t.equal(changed.status, 200)
    t.match(changed.body, patch)
    t.same((await read(id)).filter, patch.filter)
    const rotated = await service.call<WebhookWithSecret>(`POST /v1/webhooks/${id}/rotate`, admin)
    t.match(rotated.body.secret, /^whsec_/)
    t.not(rotated.body.secret, secret)
    t.equal((await service.call(`DELETE /v1/webhooks/${id}`, admin)).status, 204)
    t.equal((await service.get(`/v1/webhooks/${id}`, admin)).status, 404)
    for (const call of [`DELETE /v1/webhooks/${id}`, `POST /v1/webhooks/${id}/rotate`])
      t.equal((await service.call(call, admin)).status, 404, call)
    const syslog = await create({ ...RECEIVER, kind: 'syslog', url: 'syslog+tls://127.0.0.1' })
    t.equal((await service.call(`POST /v1/webhooks/${syslog.id}/rotate`, admin)).status, 409)
  })

  await t.test('what cannot be is 400 and names the field', async (t) => {
    const bad: [body: object, path: string][] = [
      [{ url: RECEIVER.url }, '/name'],
      [{ ...RECEIVER, url: 'example.com' }, '/url'],
      [{ ...RECEIVER, url: 'http://93.184.216.34/' }, '/url'],
      [{ ...RECEIVER, url: 'https://169.254.169.254/latest/meta-data' }, '/url'],
      [{ ...RECEIVER, url: 'https://[::1]/' }, '/url'],
      [{ ...RECEIVER, kind: 'pigeon' }, '/kind'],
      [{ ...RECEIVER, filter: { types: [] } }, '/filter/types'],
      [{ ...RECEIVER, filter: { types: ['token.teleported'] } }, '/filter/types'],
      [{ ...RECEIVER, filter: { q: 'x' } }, '/filter'],
      [{ ...RECEIVER, headers: { 'webhook-id': 'mine' } }, '/headers'],
      [{ ...RECEIVER, headers: { 'Content-Length': '5' } }, '/headers'],
      [{ ...RECEIVER, headers: { 'x-a': 'b\r\nx-c: d' } }, '/headers'],
      [{ ...RECEIVER, headers: { a: '1', A: '2' } }, '/headers'],
      [{ ...RECEIVER, kind: 'syslog', url: 'syslog+tls://127.0.0.1', headers: { a: 'b' } }, '/headers'],
      [{ ...RECEIVER, unknown: 1 }, '']
    ]
    for (const [body, path] of bad) {
      const answer = await service.call('POST /v1/webhooks', admin, body)
      t.equal(answer.status, 400, JSON.stringify(body))
      t.ok(
        answer.body.errors?.some((error) => error.path.startsWith(path)),
        JSON.stringify(answer.body.errors)
      )
    }
    for (const query of ['limit=0', 'limit=101', 'cursor=x', 'unknown=1'])
      t.equal((await service.get(`/v1/webhooks?${query}`, admin)).status, 400, query)
  })

  await t.test('the list comes in pages', async (t) => {
    const names = ['p1', 'p2', 'p3']
    for (const name of names) await create({ ...RECEIVER, name })
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const behind: string = cursor === '' ? '' : `&cursor=${cursor}`
      const { body } = await service.get<WebhookPage>(`/v1/webhooks?limit=2${behind}`, admin)
      seen.push(...body.items.map(({ name }) => name))
      cursor = body.next_cursor
    }
    t.same(seen.slice(-3), names)
  })

  await t.test('nobody else comes near', async (t) => {
    const owner = service.tokenService.signIn({ id: ids.anna, roles: { red: 'owner' } })
    const calls = [
      'GET /v1/webhooks',
      'POST /v1/webhooks',
      `GET /v1/webhooks/${ids.cleo}`,
      `PATCH /v1/webhooks/${ids.cleo}`,
      `DELETE /v1/webhooks/${ids.cleo}`,
      `POST /v1/webhooks/${ids.cleo}/rotate`,
      `GET /v1/webhooks/${ids.cleo}/dead-letters`,
      `POST /v1/webhooks/${ids.cleo}/dead-letters/${ids.cleo}/retry`,
      `DELETE /v1/webhooks/${ids.cleo}/dead-letters/${ids.cleo}`
    ]
    for (const call of calls) {
      t.equal((await service.call(call, owner)).status, 403, call)
      t.equal((await service.call(call, 'nobody')).status, 401, call)
    }
  })

  await t.test('each change is an event, without secrets and without what stands behind the host', async (t) => {
    const { items } = await service.list('target_type=webhook&limit=500', admin)
    t.ok(items.some(({ type }) => type === 'webhook.created'))
    t.ok(items.some(({ type, details }) => type === 'webhook.updated' && details.rotated === true))
    t.ok(items.some(({ type }) => type === 'webhook.deleted'))
    const text = JSON.stringify(items)
    t.match(text, '"receiver":"hooks.example.com"')
    t.notMatch(text, /whsec_|secret-path|abc-123/)
  })
})

t.test('secrets are sealed for one webhook, and open with the key that sealed them or the one before', async (t) => {
  const secrets = { signing: [{ secret: 'whsec_x', until: null }], headers: { a: 'b' } }
  const old = createSecretBox([WEBHOOK_KEY])
  const sealed = old.seal(ids.anna, secrets)
  t.same(createSecretBox(['a-newer-key-that-seals-secrets-from-now', WEBHOOK_KEY]).open(ids.anna, sealed), secrets)
  t.throws(() => old.open(ids.bert, sealed), 'for another webhook')
  t.throws(() => createSecretBox(['another-key-that-seals-other-secrets']).open(ids.anna, sealed))
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
  t.throws(() => old.open(ids.anna, sealed), 'changed')
})
