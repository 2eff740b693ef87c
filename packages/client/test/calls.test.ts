import { type Client, createClient } from '@patgate/client'
import type { CreateBotBody, ExplainBody, ScopeInput } from '@patgate/contracts'
import t from 'tap'
import { apiServer } from './api-server.ts'

const ID = '0197f0a0-7c1e-7b1a-9c3d-2f4b5a6c7d8e'
const LOGIN = { email: 'ada@example.com', password: 'correct horse' }
const WEBHOOK = { name: 'a', url: 'https://example.com/' }
const TOKEN = { name: 'x', scopes: [] }
const SCOPE: ScopeInput = { group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }
const QUESTION: ExplainBody = { token_id: ID, method: 'GET', path: '/api/status' }
const BOT: CreateBotBody = { name: 'ci', role: 'analyst' }
const CLIENT = { name: 'api', audiences: ['api'], groups: ['demo'] }

type Row = [call: (client: Client) => Promise<unknown>, request: string, body?: object]

const TABLE: readonly Row[] = [
  [(c) => c.sessions.create(LOGIN), 'POST /v1/sessions', LOGIN],
  [(c) => c.sessions.createInCookie(LOGIN), 'POST /v1/sessions', { ...LOGIN, cookie: true }],
  [(c) => c.sessions.signIn(), 'GET /v1/sign-in'],
  [(c) => c.sessions.derive(), 'POST /v1/sessions/derived', {}],
  [(c) => c.sessions.list({ limit: 5 }), 'GET /v1/sessions?limit=5'],
  [(c) => c.sessions.endOne(ID), `DELETE /v1/sessions/${ID}`],
  [(c) => c.sessions.endAll(), 'DELETE /v1/sessions'],
  [(c) => c.sessions.current(), 'GET /v1/sessions/current'],
  [(c) => c.sessions.end(), 'DELETE /v1/sessions/current'],
  [(c) => c.tokens.create(TOKEN), 'POST /v1/tokens', TOKEN],
  [(c) => c.tokens.list(), 'GET /v1/tokens'],
  [(c) => c.tokens.list({ status: 'all', owner: '*', limit: 5 }), 'GET /v1/tokens?status=all&owner=*&limit=5'],
  [(c) => c.tokens.get(ID), `GET /v1/tokens/${ID}`],
  [(c) => c.tokens.revoke(ID), `POST /v1/tokens/${ID}/revoke`],
  [(c) => c.tokens.patch(ID, { name: 'y' }), `PATCH /v1/tokens/${ID}`, { name: 'y' }],
  [(c) => c.tokens.restore(ID), `POST /v1/tokens/${ID}/restore`],
  [(c) => c.tokens.regenerate(ID, { expires_in: '30d' }), `POST /v1/tokens/${ID}/regenerate`, { expires_in: '30d' }],
  [(c) => c.tokens.rotate(ID, { overlap: '1h' }), `POST /v1/tokens/${ID}/rotate`, { overlap: '1h' }],
  [(c) => c.tokens.delete(ID), `DELETE /v1/tokens/${ID}`],
  [(c) => c.tokens.deleteAll(), 'DELETE /v1/tokens?confirm=all'],
  [(c) => c.tokens.deleteAll(ID), `DELETE /v1/tokens?confirm=all&owner=${ID}`],
  [(c) => c.tokenScopes.list(ID), `GET /v1/tokens/${ID}/scopes`],
  [(c) => c.tokenScopes.add(ID, [SCOPE]), `POST /v1/tokens/${ID}/scopes`, { scopes: [SCOPE] }],
  [(c) => c.tokenScopes.remove(ID, ID), `DELETE /v1/tokens/${ID}/scopes/${ID}`],
  [(c) => c.tokenScopes.removeAll(ID), `DELETE /v1/tokens/${ID}/scopes`],
  [(c) => c.tokenScopes.narrow(ID, []), `POST /v1/tokens/${ID}/narrow`, { scopes: [] }],
  [(c) => c.tokenUses.usage(ID, { days: 7 }), `GET /v1/tokens/${ID}/usage?days=7`],
  [(c) => c.tokenUses.exposure(ID), `GET /v1/tokens/${ID}/exposure`],
  [(c) => c.tokenUses.explain(QUESTION), 'POST /v1/explain', QUESTION],
  [(c) => c.groups.create({ slug: 'demo', name: 'Demo' }), 'POST /v1/groups', { slug: 'demo', name: 'Demo' }],
  [(c) => c.groups.list({ cursor: 'a&b' }), 'GET /v1/groups?cursor=a%26b'],
  [(c) => c.groups.get('demo'), 'GET /v1/groups/demo'],
  [(c) => c.groups.patch('demo', { name: 'D' }), 'PATCH /v1/groups/demo', { name: 'D' }],
  [(c) => c.groups.delete('demo'), 'DELETE /v1/groups/demo'],
  [(c) => c.groups.listTokens('demo', { limit: 2 }), 'GET /v1/groups/demo/tokens?limit=2'],
  [(c) => c.groups.blockToken('demo', ID), `POST /v1/groups/demo/tokens/${ID}/block`],
  [(c) => c.groups.unblockToken('demo', ID), `DELETE /v1/groups/demo/tokens/${ID}/block`],
  [(c) => c.bots.create('demo', BOT), 'POST /v1/groups/demo/bots', BOT],
  [(c) => c.bots.list('demo'), 'GET /v1/groups/demo/bots'],
  [(c) => c.bots.patch('demo', ID, { role: 'guest' }), `PATCH /v1/groups/demo/bots/${ID}`, { role: 'guest' }],
  [(c) => c.bots.delete('demo', ID), `DELETE /v1/groups/demo/bots/${ID}`],
  [(c) => c.members.list('demo', { limit: 1 }), 'GET /v1/groups/demo/members?limit=1'],
  [(c) => c.members.put('demo', ID, { role: 'guest' }), `PUT /v1/groups/demo/members/${ID}`, { role: 'guest' }],
  [(c) => c.members.remove('demo', ID), `DELETE /v1/groups/demo/members/${ID}`],
  [(c) => c.users.create({ email: 'a@b.example', name: 'A' }), 'POST /v1/users', { email: 'a@b.example', name: 'A' }],
  [(c) => c.users.list(), 'GET /v1/users'],
  [(c) => c.users.get(ID), `GET /v1/users/${ID}`],
  [(c) => c.users.patch(ID, { disabled: true }), `PATCH /v1/users/${ID}`, { disabled: true }],
  [(c) => c.users.delete(ID), `DELETE /v1/users/${ID}`],
  [(c) => c.users.resetPassword(ID), `POST /v1/users/${ID}/password-reset`],
  [
    (c) => c.users.changeOwnPassword({ current: 'a', new: 'b' }),
    'PUT /v1/users/me/password',
    { current: 'a', new: 'b' }
  ],
  [(c) => c.policy.get(), 'GET /v1/policy'],
  [(c) => c.policy.effective({ groups: 'a,b' }), 'GET /v1/policy/effective?groups=a%2Cb'],
  [(c) => c.policy.patch({ retention_days: 7 }), 'PATCH /v1/policy', { retention_days: 7 }],
  [(c) => c.serviceClients.create(CLIENT), 'POST /v1/service-clients', CLIENT],
  [(c) => c.serviceClients.list(), 'GET /v1/service-clients'],
  [(c) => c.serviceClients.rotate(ID), `POST /v1/service-clients/${ID}/rotate`],
  [(c) => c.serviceClients.delete(ID), `DELETE /v1/service-clients/${ID}`],
  [
    (c) => c.auditEvents.list({ type: 'token.revoked', token: ID }),
    `GET /v1/audit/events?type=token.revoked&token=${ID}`
  ],
  [(c) => c.auditEvents.get(ID), `GET /v1/audit/events/${ID}`],
  [(c) => c.auditEvents.proof(ID), `GET /v1/audit/events/${ID}/proof`],
  [(c) => c.auditLog.stats({ by: 'actor', interval: '1h' }), 'GET /v1/audit/stats?by=actor&interval=1h'],
  [(c) => c.auditLog.checkpoints({ limit: 3 }), 'GET /v1/audit/checkpoints?limit=3'],
  [(c) => c.auditLog.consistency({ first: 1, second: 2 }), 'GET /v1/audit/consistency?first=1&second=2'],
  [(c) => c.auditLog.keys(), 'GET /.well-known/patgate-audit-key'],
  [(c) => c.webhooks.create(WEBHOOK), 'POST /v1/webhooks', WEBHOOK],
  [(c) => c.webhooks.list({ limit: 5 }), 'GET /v1/webhooks?limit=5'],
  [(c) => c.webhooks.get(ID), `GET /v1/webhooks/${ID}`],
  [(c) => c.webhooks.patch(ID, { enabled: false }), `PATCH /v1/webhooks/${ID}`, { enabled: false }],
  [(c) => c.webhooks.rotate(ID), `POST /v1/webhooks/${ID}/rotate`],
  [(c) => c.webhooks.delete(ID), `DELETE /v1/webhooks/${ID}`],
  [(c) => c.webhooks.deadLetters(ID, { cursor: '7' }), `GET /v1/webhooks/${ID}/dead-letters?cursor=7`],
  [(c) => c.webhooks.retryDeadLetter(ID, ID), `POST /v1/webhooks/${ID}/dead-letters/${ID}/retry`],
  [(c) => c.webhooks.discardDeadLetter(ID, ID), `DELETE /v1/webhooks/${ID}/dead-letters/${ID}`],
  [(c) => c.gateways.list({ limit: 3 }), 'GET /v1/gateways?limit=3'],
  [(c) => c.entityTypes.list(), 'GET /v1/entity-types']
]

t.test('every call sends the request of the contract and answers its JSON', async (t) => {
  for (const [call, expected, body] of TABLE) {
    const server = await apiServer(t, { status: 200, body: { answer: expected } })
    t.same(await call(createClient({ baseUrl: server.url, token: 'secret' })), { answer: expected }, expected)
    const [request] = server.requests
    t.equal(`${request?.method} ${request?.url}`, expected)
    t.equal(await request?.body, body === undefined ? '' : JSON.stringify(body))
    t.equal(request?.headers.authorization, 'Bearer secret')
    t.equal(request?.headers['content-type'], body === undefined ? undefined : 'application/json')
  }
})

t.test('what a browser opens by itself is an address with its filters', async (t) => {
  const { auditLog } = createClient({ baseUrl: 'https://pat.example.com/' })
  t.equal(auditLog.tailUrl({ group: 'demo', q: 'a&b' }), 'https://pat.example.com/v1/audit/tail?group=demo&q=a%26b')
  t.equal(auditLog.exportUrl({ format: 'csv' }), 'https://pat.example.com/v1/audit/export?format=csv')
})

t.test('an export is a file to be read, or a ticket for a large one; a checkpoint is text', async (t) => {
  const ticket = { id: ID, url: `/v1/audit/exports/${ID}`, state: 'waiting' }
  const server = await apiServer(
    t,
    { status: 200, body: 'a line' },
    { status: 202, body: ticket },
    { status: 202, body: ticket },
    { status: 200, body: 'a note' },
    { status: 200, body: ': hello' },
    { status: 404, body: {} }
  )
  const { auditLog } = createClient({ baseUrl: server.url, token: 'secret' })
  const file = await auditLog.export({ format: 'ndjson' })
  t.equal(file.kind === 'file' && (await file.response.text()), 'a line')
  t.same(await auditLog.export(), { kind: 'ticket', ticket })
  t.same(await auditLog.exported(ID), { kind: 'ticket', ticket })
  t.equal(await auditLog.checkpoint(), 'a note')
  t.equal(await (await auditLog.tail({ group: 'demo' }, { lastEventId: '7' })).text(), ': hello')
  await t.rejects(auditLog.export(), { name: 'ApiError', status: 404 })
  t.same(
    server.requests.map(({ url }) => url),
    [
      '/v1/audit/export?format=ndjson',
      '/v1/audit/export',
      `/v1/audit/exports/${ID}`,
      '/v1/audit/checkpoint',
      '/v1/audit/tail?group=demo',
      '/v1/audit/export'
    ]
  )
  t.match(server.requests[4]?.headers, { 'last-event-id': '7', accept: 'text/event-stream' })
})

t.test('an answer without content is undefined', async (t) => {
  const { url } = await apiServer(t, { status: 204 })
  t.equal(await createClient({ baseUrl: url }).tokens.delete(ID), undefined)
})

t.test('a parameter can never become another path', async (t) => {
  const server = await apiServer(t, { status: 200, body: {} })
  const client = createClient({ baseUrl: server.url })
  await client.groups.get('../users?x#y')
  await client.members.remove('a/b', '%2e%2e')
  t.same(
    server.requests.map(({ url }) => url),
    ['/v1/groups/..%2Fusers%3Fx%23y', '/v1/groups/a%2Fb/members/%252e%252e']
  )
  for (const id of ['', '.', '..'])
    t.throws(() => client.tokens.delete(id), { name: 'TypeError' }, `"${id}" is not sent`)
  t.equal(server.requests.length, 2)
})

t.test('without a token no credential is sent, and an idempotency key only where one is given', async (t) => {
  const server = await apiServer(t, { status: 201, body: {} })
  const client = createClient({ baseUrl: `${server.url}/` })
  await client.tokens.create(TOKEN)
  await client.tokens.create(TOKEN, { idempotencyKey: 'k-1' })
  const [first, second] = server.requests
  t.equal(first?.headers.authorization, undefined)
  t.equal(first?.headers['idempotency-key'], undefined)
  t.equal(second?.headers['idempotency-key'], 'k-1')
  t.equal(second?.url, '/v1/tokens', 'a slash at the end of the address changes nothing')
})

t.test('a message is published as it is, on an address that no segment can leave', async (t) => {
  const server = await apiServer(t, { status: 202, body: { id: 'm', seq: 1, time: '2030-01-01T00:00:00Z' } })
  const client = createClient({ baseUrl: server.url, token: 'secret' })
  const address = { group: 'demo', channel: 'news', subtopic: 'a/b c' }
  t.match(await client.channels.publish(address, { body: '{"a":1}', contentType: 'application/json' }), { seq: 1 })
  const [request] = server.requests
  t.equal(`${request?.method} ${request?.url}`, 'POST /m/demo/c/news/a/b%20c')
  t.equal(await request?.body, '{"a":1}')
  t.equal(request?.headers['content-type'], 'application/json')
  await t.rejects(client.channels.publish({ ...address, subtopic: 'a/../b' }, { body: '', contentType: 'text/plain' }))
  t.equal(server.requests.length, 1)
})

t.test('a subscription is a WebSocket, its pattern in the query', async (t) => {
  const { channels } = createClient({ baseUrl: 'https://pat.example.com' })
  t.equal(
    channels.subscriptionUrl({ group: 'demo', channel: 'news', subtopic: 'a/#' }, 'all'),
    'wss://pat.example.com/m/demo/c/news?subtopic=a%2F%23&from=all'
  )
  t.equal(channels.subscriptionUrl({ group: 'demo', channel: 'news' }), 'wss://pat.example.com/m/demo/c/news')
})
