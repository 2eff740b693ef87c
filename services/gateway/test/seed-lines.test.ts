import { rawRequest } from '@patgate/test-kit'
import { test } from 'tap'
import { startGateway } from './support/gateway.ts'
import { ALICE, scope } from './support/token-service.ts'
import { connectWebSocket, refusalOf } from './support/web-socket-client.ts'
import { acceptWebSockets } from './support/web-socket-upstream.ts'

const ROUTES = `
  - { path: /public/*, upstream: demo, public: true }
  - { resource: dashboard, path: /api/groups/:group/dashboards, upstream: demo }
  - { path: /mcp, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, credentials: ["header:xc-mcp-token"] }
  - { path: /basic, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, credentials: [basic] }
  - { path: /devices, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, credentials: [client] }
  - { path: /ws/*, upstream: demo, group: demo, entity_type: dashboard, websocket: read, credentials: [bearer, "query:authorization"] }
  - path: /graphql
    upstream: demo
    group: demo
    entity_type: dashboard
    graphql: { query: read, mutation: update }
    credentials: [bearer, basic]
  - path: /api/v3/data/:base/:table/records
    upstream: demo
    group: demo
    entity_type: dataset
    entity_id: ":base"
    operations: { GET: read, POST: create }
    credentials: { order: [xc-token, bearer], first_wins: true }
    upstream_headers: { xc-token: theirs }
  - path: /api/v3/meta/*
    upstream: demo
    group: demo
    entity_type: dashboard
    operations: { GET: read }
    credentials: { order: [xc-token, bearer], first_wins: true }
  - { path: /scim/*, upstream: demo, group: demo, entity_type: dataset, entity_id: scim, operations: { GET: read } }
`
const DASHBOARDS = '/api/groups/demo/dashboards'
const RECORDS = '/api/v3/data/p1/t1/records'
const NOBODYS = 'pat_000000000000000000000000000000000dawQ1'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('what users of the four systems must be able to do with requests', async (t) => {
  const gateway = await startGateway(t, { routes: ROUTES })
  const { url, port, tokenService, upstream } = gateway
  const token = tokenService.issue()
  const call = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers })
  const statusOf = async (...args: Parameters<typeof call>): Promise<number> => (await call(...args)).status
  const lastHeaders = () => upstream.requests.at(-1)?.headers

  await t.test('section 2, line 1: one token in each place that a route names', async (t) => {
    acceptWebSockets(upstream.server)
    t.equal(await statusOf(DASHBOARDS, bearer(token)), 200, 'Authorization: Bearer')
    t.equal(await statusOf('/api/v3/meta/x', { 'xc-token': token }), 200, 'xc-token')
    t.equal(await statusOf('/mcp', { 'xc-mcp-token': token }), 200, 'xc-mcp-token')
    t.equal(await statusOf('/basic', { authorization: `Basic ${base64(`${ALICE.email}:${token}`)}` }), 200, 'Basic')
    t.equal(await statusOf('/devices', { authorization: `Client ${token}` }), 200, 'Authorization: Client')
    t.equal(upstream.requests.at(-1)?.headers.authorization, undefined, 'which the upstream does not see')
    t.equal(await statusOf(DASHBOARDS, { 'xc-auth': tokenService.openSession() }), 200, 'a session as xc-auth')
    const { socket } = await connectWebSocket(t, `${url}/ws/echo?authorization=${encodeURIComponent(token)}`)
    socket.close()
    t.equal(upstream.requests.at(-1)?.url, DASHBOARDS, 'a handshake is no request')

    t.equal(await statusOf(`${DASHBOARDS}?authorization=${token}`, {}), 401, 'a query, where no route names it')
    t.equal(await statusOf(DASHBOARDS, { authorization: `Client ${token}` }), 401, 'Client, where no route names it')
    t.equal(await statusOf('/devices', bearer(token)), 401, 'Bearer, where the route names Client alone')
    t.equal(await statusOf('/mcp', bearer(token)), 401, 'a place that the route does not name')
    t.equal(await statusOf(DASHBOARDS, { 'xc-auth': token }), 401, 'a token is no session')
    t.equal((await refusalOf(t, `${url}/ws/echo?authorization=${NOBODYS}`)).status, 401)
  })

  await t.test('section 2, line 2: xc-token wins, and one that is bad never falls through', async (t) => {
    const other = tokenService.issue({ scopes: [] })
    t.equal(await statusOf('/api/v3/meta/x', { 'xc-token': token, ...bearer(other) }), 200)
    t.equal(await statusOf('/api/v3/meta/x', { 'xc-token': other, ...bearer(token) }), 403)
    for (const bad of [NOBODYS, 'garbage', ' ']) {
      t.equal(await statusOf('/api/v3/meta/x', { 'xc-token': bad, ...bearer(token) }), 401, `"${bad}"`)
    }
  })

  await t.test('section 2, line 3: Basic in every spelling is accepted or 401', async (t) => {
    const good = base64(`${ALICE.email}:${token}`)
    const table: [authorization: string, status: number][] = [
      [`Basic ${good}`, 200],
      [`bAsIc ${good}`, 200],
      [`Basic ${base64(`${ALICE.id}:${token}`)}`, 200],
      [`Basic ${base64(`:${token}`)}`, 200],
      [`Basic ${base64(`mallory@example.org:${token}`)}`, 401],
      [`Basic ${base64(`${ALICE.email}:${token}:x`)}`, 401],
      [`Basic ${base64(token)}`, 401],
      [`Basic ${good.slice(0, 20)}`, 401],
      ['Basic !!!', 401],
      ['Basic', 401],
      [bearer(token).authorization, 401]
    ]
    for (const [authorization, status] of table) {
      t.equal(await statusOf('/basic', { authorization }), status, authorization.replace(token, '…'))
    }
  })

  await t.test('section 2, line 4: a malformed token of any length is 401, without a look-up', async (t) => {
    const before = tokenService.questions.length
    for (const length of [1, 'pat'.length, 'pat_'.length, 41, 43, 1_000, 10_000]) {
      const malformed = 'pat_'.padEnd(length, '0').slice(0, length)
      t.equal(await statusOf(DASHBOARDS, bearer(malformed)), 401, `${length} characters`)
    }
    const bytes = `GET ${DASHBOARDS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${'0'.repeat(1_000_000)}\r\n\r\n`
    t.match(await rawRequest({ port, bytes }), /^HTTP\/1\.1 431 /, 'a million: no header may be so long')
    t.match(token, /^pat_[A-Za-z0-9_-]+$/)
    t.equal(tokenService.questions.length, before)
  })

  await t.test('section 2, line 5: each failure has its own status', async (t) => {
    const [revoked, expired] = [tokenService.issue(), tokenService.issue()]
    tokenService.refuse(revoked, 'revoked')
    tokenService.refuseByTime(expired, 'expired')
    const graphql = { method: 'POST', body: '{"query":"{ a }"}' }
    for (const bad of [revoked, expired, NOBODYS, 'garbage']) {
      for (const path of [DASHBOARDS, '/graphql']) {
        const headers = { ...bearer(bad), 'content-type': 'application/json' }
        const answer = await call(path, headers, path === '/graphql' ? graphql : {})
        t.equal(answer.status, 401, path)
        t.match(answer.headers.get('www-authenticate'), /^Bearer realm="patgate"/)
      }
    }
    t.equal(await statusOf(DASHBOARDS, bearer(tokenService.issue({ scopes: [] }))), 403)
    t.equal(await statusOf(`${DASHBOARDS}/no%20id`, bearer(token)), 404)
    t.equal(await statusOf('/nowhere', bearer(token)), 404)
    t.equal(await statusOf('/m/demo/c/a%2A', bearer(token), { method: 'POST', body: '{}' }), 400, 'a malformed topic')
    t.equal(await statusOf('/graphql', { ...bearer(token), 'content-type': 'text/html' }, graphql), 415)
  })

  await t.test(
    'section 2, line 6: the upstream gets its own credential, and nothing that is ours or forged',
    async (t) => {
      const base = tokenService.issue({ scopes: [scope('dataset', ['read'])] })
      const forged = { 'x-patgate-subject': 'root', 'x-forwarded-for': '10.0.0.1', te: 'trailers' }
      t.equal(await statusOf(`${RECORDS}?token=${base}&a=1`, { 'xc-token': base, ...forged }), 200)
      t.equal(upstream.requests.at(-1)?.url, `${RECORDS}?a=1`)
      t.match(lastHeaders(), { 'xc-token': 'theirs', 'x-patgate-subject': ALICE.id, 'x-forwarded-for': '127.0.0.1' })
      t.notOk(lastHeaders()?.te)
      t.notOk(upstream.received().includes(base), 'in no byte')
      t.notOk(upstream.received().includes(token), 'nor those of the lines before')
    }
  )

  await t.test(
    'section 2, line 22: method and path are the operation and the entity, however they are written',
    async (t) => {
      const table: [method: string, path: string, operation: string, entity: string][] = [
        ['GET', '', 'list', '*'],
        ['POST', '', 'create', '*'],
        ['GET', '/e1', 'read', 'e1'],
        ['PATCH', '/e1', 'update', 'e1'],
        ['PUT', '/e1', 'update', 'e1'],
        ['DELETE', '/e1', 'delete', 'e1'],
        ['POST', '/e1/share', 'share', 'e1'],
        ['DELETE', '/e1/share', 'unshare', 'e1']
      ]
      for (const [method, path, operation, entity] of table) {
        const entity_id = path === '' ? '*' : entity
        const able = tokenService.issue({
          scopes: [scope('dashboard', [operation as 'read'], { entity_id })]
        })
        t.equal(await statusOf(DASHBOARDS + path, bearer(able), { method }), 200, `${method} ${path}`)
        t.equal(lastHeaders()?.['x-patgate-operation'], operation)
        const one = tokenService.issue({ scopes: [scope('dashboard', [operation as 'read'], { entity_id: 'e2' })] })
        t.equal(await statusOf(DASHBOARDS + path, bearer(one), { method }), 403, `${method} ${path} of another`)
      }
      const reader = tokenService.issue({ scopes: [scope('dashboard', ['read'], { entity_id: 'e1' })] })
      const before = upstream.requests.length
      for (const path of ['/e1/../e2', '/e1/%2e%2e/e2', '//e2', '/e1;x', '/e1%2Fx']) {
        const bytes = `GET ${DASHBOARDS}${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${reader}\r\n\r\n`
        t.match(await rawRequest({ port, bytes }), /^HTTP\/1\.1 400 /, path)
      }
      t.equal(upstream.requests.length, before)
      t.equal(await statusOf(`${DASHBOARDS}/e1/`, bearer(reader)), 200, 'a slash at the end')
      t.equal(await statusOf(`${DASHBOARDS}/%65%31`, bearer(reader)), 200, 'letters as escapes')
      t.equal(await statusOf(`${DASHBOARDS}/e1`, { ...bearer(reader), 'x-http-method-override': 'DELETE' }), 200)
      t.match(lastHeaders(), { 'x-patgate-operation': 'read', 'x-http-method-override': undefined })
    }
  )

  await t.test('section 2, line 23: GraphQL is decided on by what it would do', async (t) => {
    const reader = tokenService.issue({ scopes: [scope('dashboard', ['read'])] })
    const writer = tokenService.issue({ scopes: [scope('dashboard', ['read', 'update'])] })
    const both = 'query Q { a } mutation M { a }'
    const post = (token: string, body: unknown) => {
      const headers = { ...bearer(token), 'content-type': 'application/json' }
      return statusOf('/graphql', headers, { method: 'POST', body: JSON.stringify(body) })
    }
    const table: [body: unknown, asReader: number][] = [
      [{ query: '{ a }' }, 200],
      [{ query: 'mutation { a }' }, 403],
      [{ query: both, operationName: 'Q' }, 200],
      [{ query: both, operationName: 'M' }, 403],
      [[{ query: '{ a }' }, { query: 'mutation { a }' }], 403],
      [{ query: '{ __schema { types { name } } }' }, 200]
    ]
    for (const [body, asReader] of table) {
      t.equal(await post(reader, body), asReader, JSON.stringify(body))
      t.equal(await post(writer, body), 200, JSON.stringify(body))
    }
    t.equal(await statusOf(`/graphql?query=${encodeURIComponent('{a}')}`, bearer(reader)), 200)
    t.equal(
      await statusOf(`/graphql?query=${encodeURIComponent('mutation{a}')}`, bearer(writer)),
      405,
      'no GET changes'
    )
    t.equal(await post(writer, { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } }), 400)

    const upload = new FormData()
    upload.set('operations', JSON.stringify({ query: 'mutation ($f: Upload!) { a(f: $f) }', variables: { f: null } }))
    upload.set('map', '{"0":["variables.f"]}')
    upload.set('0', new Blob(['text']), 'a.txt')
    t.equal(await statusOf('/graphql', bearer(reader), { method: 'POST', body: upload }), 403, 'an upload')
    t.equal(await statusOf('/graphql', bearer(writer), { method: 'POST', body: upload }), 200, 'an upload')
  })

  await t.test('M4: a batch and a document of many aliases have their bounds', async (t) => {
    const headers = { ...bearer(token), 'content-type': 'application/json' }
    const post = (body: unknown) => statusOf('/graphql', headers, { method: 'POST', body: JSON.stringify(body) })
    const before = upstream.requests.length
    t.equal(await post(Array.from({ length: 1_000 }, () => ({ query: '{ a }' }))), 400, 'a batch of 1,000')
    const aliases = Array.from({ length: 1_000 }, (_, index) => `a${index}: a`).join(' ')
    t.equal(await post({ query: `{ ${aliases} }` }), 400, '1,000 aliases')
    t.equal(upstream.requests.length, before)
  })

  await t.test('section 2, line 24: a token for one base', async (t) => {
    const base = tokenService.issue({ scopes: [scope('dataset', ['read'], { entity_id: 'p1' })] })
    const headers = { 'xc-token': base }
    t.equal(await statusOf(RECORDS, headers), 200)
    t.equal(await statusOf(RECORDS, headers, { method: 'POST' }), 403)
    t.equal(await statusOf(RECORDS.replace('p1', 'p2'), headers), 403)
    t.equal(await statusOf('/api/v3/meta/bases', headers), 403, 'meta routes need a scope of their own')
  })

  await t.test('section 2, line 25: a token for SCIM alone is 403 elsewhere', async (t) => {
    const scim = tokenService.issue({ scopes: [scope('dataset', ['read'], { entity_id: 'scim' })] })
    t.equal(await statusOf('/scim/v2/Users', bearer(scim)), 200)
    for (const path of [DASHBOARDS, `${DASHBOARDS}/scim`, '/api/v3/meta/x', RECORDS]) {
      t.equal(await statusOf(path, bearer(scim)), 403, path)
    }
  })
})
