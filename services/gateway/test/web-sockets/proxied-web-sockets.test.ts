import { randomBytes } from 'node:crypto'
import type { AuditEvent } from '@patgate/contracts'
import { rawRequest, until } from '@patgate/test-kit'
import { test } from 'tap'
import { startGateway } from '../support/gateway.ts'
import { readEvents } from '../support/read-events.ts'
import { scope } from '../support/token-service.ts'
import { connectWebSocket, refusalOf } from '../support/web-socket-client.ts'
import { acceptWebSockets } from '../support/web-socket-upstream.ts'

const ROUTES = `
  - { path: /public/*, upstream: demo, public: true }
  - { path: /plain/*, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read } }
  - path: /ws/*
    upstream: demo
    group: demo
    entity_type: dashboard
    operations: { GET: list }
    websocket: read
    credentials: [bearer, x-api-key, "query:access_token", subprotocol, "cookie:sid"]
`
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const STRICT = `
  - { path: /ws/*, upstream: demo, group: demo, entity_type: dashboard, websocket: read, operations: { GET: list }, audit: strict }
`

test('a strict route records a WebSocket before it opens, and its end once', async (t) => {
  const { url, tokenService, upstream, natsUrl } = await startGateway(t, { routes: STRICT })
  acceptWebSockets(upstream.server)
  const { socket, closed } = await connectWebSocket(t, `${url}/ws/echo`, bearer(tokenService.issue()))
  const [allowed] = await readEvents(natsUrl, 1)
  t.match(allowed, { type: 'access.allowed', request: { status: null } })
  socket.close()
  await closed
  // What comes after both has the same way to go.
  t.equal((await fetch(`${url}/ws/x`, bearer('garbage'))).status, 401)
  const hasBoth = (events: readonly AuditEvent[]) =>
    ['access.denied', 'access.completed'].every((wanted) => events.some(({ type }) => type === wanted))
  const events = (await readEvents(natsUrl, hasBoth)).filter(({ type }) => type !== 'access.denied')
  t.match(events, [{ type: 'access.allowed' }, { type: 'access.completed', request: { status: 101 } }])
  t.equal(events.length, 2)
})

test('WebSockets through the proxy', async (t) => {
  const gateway = await startGateway(t, { routes: ROUTES })
  const { url, port, tokenService, upstream, deps } = gateway
  const { sockets } = acceptWebSockets(upstream.server)
  const connect = (path: string, token: string) => connectWebSocket(t, url + path, bearer(token))

  await t.test('W1: without the right there is no 101, and nothing reaches the upstream', async (t) => {
    const table: [path: string, headers: Record<string, string>, status: number, code: string][] = [
      ['/ws/echo', {}, 401, 'invalid_token'],
      ['/ws/echo', bearer('garbage').headers, 401, 'invalid_token'],
      ['/ws/echo', bearer(tokenService.issue({ scopes: [] })).headers, 403, 'insufficient_scope'],
      [
        '/ws/echo',
        bearer(tokenService.issue({ scopes: [scope('dashboard', ['list'])] })).headers,
        403,
        'insufficient_scope'
      ],
      ['/ws/echo', bearer(tokenService.issue({ roles: {} })).headers, 403, 'owner_not_permitted'],
      [
        '/ws/echo',
        { ...bearer(tokenService.issue()).headers, 'x-api-key': tokenService.issue() },
        400,
        'ambiguous_credentials'
      ],
      ['/plain/echo', bearer(tokenService.issue()).headers, 400, 'invalid_request'],
      ['/public/echo', {}, 400, 'invalid_request'],
      ['/v1/tokens', bearer(tokenService.issue()).headers, 400, 'invalid_request'],
      ['/nowhere', bearer(tokenService.issue()).headers, 404, 'not_found']
    ]
    for (const [path, headers, status, code] of table) {
      const refusal = await refusalOf(t, url + path, { headers })
      t.equal(refusal.status, status, path)
      t.match(JSON.parse(refusal.body), { code }, path)
    }
    t.equal(upstream.connectionCount, 0)
  })

  await t.test('a handshake that is none is refused and the connection closed', async (t) => {
    const good = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`
    ]
    const version = 'Sec-WebSocket-Version: 13'
    const token = `Authorization: Bearer ${tokenService.issue()}`
    const table: [name: string, start: string, lines: string[]][] = [
      ['another version', 'GET /ws/echo HTTP/1.1', [...good, 'Sec-WebSocket-Version: 12', token]],
      ['no version', 'GET /ws/echo HTTP/1.1', [...good, token]],
      ['two versions', 'GET /ws/echo HTTP/1.1', [...good, version, version, token]],
      ['no key', 'GET /ws/echo HTTP/1.1', [...good.slice(0, 2), version, token]],
      ['a short key', 'GET /ws/echo HTTP/1.1', [...good.slice(0, 2), 'Sec-WebSocket-Key: YWJj', version, token]],
      ['no Connection', 'GET /ws/echo HTTP/1.1', [...good.slice(1), version, token]],
      ['another protocol', 'GET /ws/echo HTTP/1.1', ['Connection: Upgrade', 'Upgrade: h2c', version, token]],
      ['an unknown protocol', 'GET /ws/echo HTTP/1.1', ['Connection: Upgrade', 'Upgrade: foo', version, token]],
      ['another method', 'POST /ws/echo HTTP/1.1', [...good, version, token, 'Content-Length: 0']],
      ['a path that is not canonical', 'GET /ws/../ws/echo HTTP/1.1', [...good, version, token]],
      [
        'behind a request that is not answered yet',
        'GET /ws/echo HTTP/1.1\r\nHost: x\r\n\r\nGET /ws/echo HTTP/1.1',
        [...good, version, token]
      ]
    ]
    for (const [name, start, lines] of table) {
      const bytes = `${[start, 'Host: gateway.example.org', ...lines].join('\r\n')}\r\n\r\n`
      const answer = await rawRequest({ port, bytes, until: 'close' })
      t.match(answer, /^HTTP\/1.1 (400|401) /, name)
      t.notMatch(answer, / 101 /, name)
    }
    t.equal(upstream.connectionCount, 0)
    const versions = await rawRequest({
      port,
      bytes: `${['GET /ws/echo HTTP/1.1', 'Host: x', ...good, 'Sec-WebSocket-Version: 8'].join('\r\n')}\r\n\r\n`,
      until: 'close'
    })
    t.match(versions, /sec-websocket-version: 13/i, 'the answer names the version that would do')
  })

  await t.test('text, bytes and large messages pass in both directions, and so does the end', async (t) => {
    const { socket, messages, closed } = await connect('/ws/greet', tokenService.issue())
    const large = randomBytes(1_500_000)
    socket.send('text')
    socket.send(Buffer.from([0, 1, 255]))
    socket.send(large)
    await until(() => messages.length === 4)
    t.same(messages.slice(0, 3), ['hello', 'text', '0001ff'])
    t.equal(messages[3], large.toString('hex'))
    sockets.at(-1)?.close(4001, 'enough')
    t.same(await closed, { code: 4001, reason: 'enough' })
    t.match(upstream.received(), /x-patgate-operation: read/i)
  })

  await t.test('a token in the query or in a subprotocol opens it, and never reaches the upstream', async (t) => {
    const token = tokenService.issue()
    const protocols = ['patgate.v1', `patgate.token.${token}`]
    const query = await connectWebSocket(t, `${url}/ws/echo?a=1&access_token=${token}`)
    query.socket.send('through the query')
    await until(() => query.messages.length === 1)
    t.equal(query.socket.protocol, '')
    t.equal((await connectWebSocket(t, `${url}/ws/echo`, { protocols })).socket.protocol, 'patgate.v1')
    const chosen = await connectWebSocket(t, `${url}/ws/echo`, { protocols: [...protocols, 'chat'] })
    t.equal(chosen.socket.protocol, 'chat', 'what the upstream selects is selected')
    t.notMatch(upstream.received(), /pat_/)
    t.match(upstream.received(), /GET \/ws\/echo\?a=1 /)
    t.equal(
      (await refusalOf(t, `${url}/ws/echo?authorization=${token}`)).status,
      401,
      'only the parameter that is named'
    )
    t.equal((await refusalOf(t, `${url}/ws/echo?access_token=${token}&access_token=${token}`)).status, 401)
    t.equal((await fetch(`${url}/ws/echo?access_token=${token}`)).status, 401, 'and only for a stream')
    t.equal(
      (await fetch(`${url}/ws/x?access_token=${token}`, { headers: { accept: 'text/event-stream' } })).status,
      200
    )
  })

  await t.test('W2: a cookie opens it from the pages of its own site alone', async (t) => {
    const headers = { cookie: `sid=${tokenService.issue()}` }
    t.equal((await refusalOf(t, `${url}/ws/echo`, { headers, origin: 'https://evil.example.org' })).status, 403)
    await connectWebSocket(t, `${url}/ws/echo`, { headers, origin: url })
    await connectWebSocket(t, `${url}/ws/echo`, { ...bearer(tokenService.issue()), origin: 'https://evil.example.org' })
  })

  await t.test('what the upstream answers instead of 101 is the answer; what pretends to be one is 502', async (t) => {
    const refusal = await refusalOf(t, `${url}/ws/refuse`, bearer(tokenService.issue()))
    t.match(refusal, { status: 409, body: 'busy', headers: { 'x-own': 'kept' } })
    t.equal((await refusalOf(t, `${url}/ws/pretend`, bearer(tokenService.issue()))).status, 502)
  })

  await t.test('who loses the right is cut with 1008, and the upstream hears of it; others go on', async (t) => {
    const [revoked, narrowed, touched] = [tokenService.issue(), tokenService.issue(), tokenService.issue()]
    const expiring = tokenService.issue({ expires_at: new Date(Date.now() + 1_500).toISOString() })
    const clients = {
      revoked: await connect('/ws/echo', revoked),
      narrowed: await connect('/ws/echo', narrowed),
      touched: await connect('/ws/echo', touched),
      expiring: await connect('/ws/echo', expiring)
    }
    const ends = sockets.slice(-4).map((socket) => new Promise((resolve) => socket.on('close', resolve)))
    t.match(await deps.metrics.process.registry.metrics(), /patgate_open_streams\{kind="websocket"\} [1-9]/)
    tokenService.refuse(revoked, 'revoked')
    tokenService.alter(narrowed, { scopes: [scope('dashboard', ['list'])] })
    tokenService.alter(touched, { scopes: [scope('dashboard', ['read'])] })
    t.same(await clients.revoked.closed, { code: 1008, reason: 'revoked' })
    t.same(await clients.narrowed.closed, { code: 1008, reason: 'narrowed' })
    t.same(await clients.expiring.closed, { code: 1008, reason: 'expired' })
    t.same(await Promise.all([ends[0], ends[1], ends[3]]), [1008, 1008, 1008])
    clients.touched.socket.send('still there')
    await until(() => clients.touched.messages.at(-1) === 'still there')
    t.match(
      await deps.metrics.process.registry.metrics(),
      /patgate_streams_cut_total\{kind="websocket",reason="revoked"\} 1/
    )
  })

  await t.test('in the middle of a frame there is no place for a close frame: the connection just ends', async (t) => {
    const token = tokenService.issue()
    const { closed } = await connect('/ws/half', token)
    tokenService.refuse(token, 'revoked')
    t.same(await closed, { code: 1006, reason: '' })
  })

  await t.test('without a lease nothing passes in either direction; with the next one it goes on', async (t) => {
    const { socket, messages } = await connect('/ws/echo', tokenService.issue())
    const atUpstream = sockets.at(-1)
    const heard: string[] = []
    atUpstream?.on('message', (data) => heard.push(data.toString()))
    tokenService.behave(503)
    deps.holder.lease.drop()
    socket.send('held')
    atUpstream?.send('held too')
    // A renewal that fails takes longer than the messages would.
    await until(() => tokenService.failures >= 2)
    t.same([heard, messages], [[], []])
    tokenService.behave('ok')
    await until(() => messages.length === 2)
    t.same([heard, messages.toSorted()], [['held'], ['held', 'held too']])
  })

  await t.test('each is an event when it opens, and another with the reason when it ends', async (t) => {
    const told = (events: readonly AuditEvent[]) =>
      events
        .filter(({ request }) => request?.status === 101)
        .map(({ type, outcome, reason }) => `${type} ${outcome} ${reason}`)
    const expected = [
      'access.allowed success null',
      'access.completed success null',
      'access.completed denied revoked',
      'access.completed denied narrowed',
      'access.completed denied expired'
    ]
    const hasAll = (events: readonly AuditEvent[]) => expected.every((line) => told(events).includes(line))
    t.ok(hasAll(await readEvents(gateway.natsUrl, hasAll)))
  })

  await t.test('when the gateway ends, each is closed with 1012', async (t) => {
    const { closed } = await connect('/ws/echo', tokenService.issue())
    await gateway.close()
    t.same(await closed, { code: 1012, reason: 'shutdown' })
  })
})
