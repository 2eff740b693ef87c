import { test } from 'tap'
import { startGateway } from './support/gateway.ts'
import { ALICE, scope } from './support/token-service.ts'

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
const NOBODYS = 'pat_000000000000000000000000000000000dawQ1'

test('defects of the four systems that must not come back, where requests pass', async (t) => {
  const gateway = await startGateway(t, { routes: ROUTES })
  const { tokenService, upstream } = gateway
  const call = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(gateway.url + path, { ...init, headers })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

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

  await t.test('9. a scope that is missing is 403, and no credential 401', async (t) => {
    t.equal((await call(DASHBOARDS, bearer(tokenService.issue({ scopes: [] })))).status, 403)
    t.equal((await call(DASHBOARDS, {})).status, 401)
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
