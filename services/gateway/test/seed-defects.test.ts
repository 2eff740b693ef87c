import { test } from 'tap'
import { startGateway } from './support/gateway.ts'
import { ALICE, scope } from './support/token-service.ts'
import { connectWebSocket, refusalOf } from './support/web-socket-client.ts'

const ROUTES = `
  - { path: /public/*, upstream: demo, public: true }
  - { resource: dashboard, path: /api/groups/:group/dashboards, upstream: demo }
  - path: /api/v3/*
    upstream: demo
    group: demo
    entity_type: dashboard
    operations: { GET: read }
    credentials: { order: [xc-token, bearer], first_wins: true }
`
const DASHBOARDS = '/api/groups/demo/dashboards'
const NEWS = (gatewayUrl: string) => `${gatewayUrl}/m/demo/c/news`
const EVENTS = { accept: 'text/event-stream' }
const NOBODYS = 'pat_000000000000000000000000000000000dawQ1'

test('defects of the four systems that must not come back, where requests pass', async (t) => {
  const gateway = await startGateway(t, { routes: ROUTES })
  const { tokenService, upstream } = gateway
  const call = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(gateway.url + path, { ...init, headers })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

  await t.test('1. publishing needs publish, subscribing needs subscribe, whatever the owner may', async (t) => {
    const attempts = {
      publish: (token: string) => fetch(NEWS(gateway.url), { method: 'POST', body: 'x', headers: bearer(token) }),
      subscribe: (token: string) => fetch(NEWS(gateway.url), { headers: { ...bearer(token), ...EVENTS } })
    }
    for (const [operation, attempt] of Object.entries(attempts)) {
      const scopeless = await attempt(tokenService.issue({ scopes: [] }))
      const other = operation === 'publish' ? 'subscribe' : 'publish'
      const withOther = await attempt(tokenService.issue({ scopes: [scope('channel', [other])] }))
      const withIt = await attempt(tokenService.issue({ scopes: [scope('channel', [operation as 'publish'])] }))
      t.same([scopeless.status, withOther.status, withIt.ok], [403, 403, true], operation)
      await withIt.body?.cancel()
    }
  })

  await t.test('2. no credential is logged, whatever becomes of the request', async (t) => {
    const token = tokenService.issue()
    for (const sent of [token, NOBODYS]) {
      for (const path of [DASHBOARDS, '/nowhere', '/public/x', `${DASHBOARDS}?authorization=${sent}`]) {
        await call(path, bearer(sent))
      }
      t.notOk(gateway.logs().includes(sent))
    }
  })

  await t.test('7. a token of whoever may do everything may do what its scopes say, and no more', async (t) => {
    const token = tokenService.issue({ scopes: [scope('dashboard', ['list'])], roles: { demo: 'owner' } })
    t.equal((await call(DASHBOARDS, bearer(token))).status, 200)
    t.equal((await call(`${DASHBOARDS}/a`, bearer(token), { method: 'DELETE' })).status, 403)
  })

  await t.test('8. a right on one kind of entity is none on another, nor on the group they are in', async (t) => {
    const onChannels = tokenService.issue({ scopes: [scope('channel', ['publish', 'subscribe', 'list', 'read'])] })
    const onGroup = tokenService.issue({ scopes: [scope('group', ['publish', 'subscribe', 'list', 'read'])] })
    const onDashboards = tokenService.issue({ scopes: [scope('dashboard', ['publish', 'subscribe', 'list', 'read'])] })
    for (const token of [onChannels, onGroup]) t.equal((await call(DASHBOARDS, bearer(token))).status, 403)
    for (const token of [onDashboards, onGroup]) {
      const answer = await call('/m/demo/c/news', bearer(token), { method: 'POST', body: 'x' })
      t.match([answer.status, await answer.json()], [403, { required: { entity_type: 'channel' } }])
    }
  })

  await t.test('9. a scope that is missing is 403, and no credential 401', async (t) => {
    t.equal((await call(DASHBOARDS, bearer(tokenService.issue({ scopes: [] })))).status, 403)
    t.equal((await call(DASHBOARDS, {})).status, 401)
  })

  await t.test('12. a WebSocket is refused before it is one, and ends with the right to it', async (t) => {
    const refused = { headers: bearer(tokenService.issue({ scopes: [] })) }
    t.equal((await refusalOf(t, NEWS(gateway.url), refused)).status, 403)
    const token = tokenService.issue({ scopes: [scope('channel', ['subscribe'])] })
    const { closed } = await connectWebSocket(t, NEWS(gateway.url), { headers: bearer(token) })
    tokenService.refuse(token, 'revoked')
    t.same(await closed, { code: 1008, reason: 'revoked' })
  })

  await t.test('16. and 26. an invalid token is 401 and never a guest: the upstream is not asked', async (t) => {
    const before = upstream.requests.length
    t.equal((await call(DASHBOARDS, bearer(NOBODYS))).status, 401)
    t.equal((await call('/api/v3/x', { 'xc-token': NOBODYS })).status, 401)
    t.equal((await call('/api/v3/x', { 'xc-token': NOBODYS, ...bearer(tokenService.issue()) })).status, 401)
    t.equal(upstream.requests.length, before)
  })

  await t.test('19. Basic with a long name and a token is one line of base64, and is read as such', async (t) => {
    const pair = Buffer.from(`${ALICE.email}:${tokenService.issue()}`).toString('base64')
    t.ok(pair.length > 76, 'longer than a line of MIME')
    t.equal((await call(DASHBOARDS, { authorization: `Basic ${pair}` })).status, 200)
    t.equal((await call(DASHBOARDS, { authorization: `Basic ${pair.slice(0, 76)} ${pair.slice(76)}` })).status, 401)
  })
})
