import { BlockList } from 'node:net'
import { rawRequest } from '@patgate/test-kit'
import { test } from 'tap'
import { ROUTES, startGateway } from '../support/gateway.ts'
import { ALICE } from '../support/token-service.ts'

const HEAD = 'Host: gateway.example.org\r\n'

test('the upstream receives a new list of headers', async (t) => {
  const { port, upstream, tokenService } = await startGateway(t)
  const token = tokenService.issue()

  async function received(headers: string): Promise<Record<string, unknown>> {
    const bytes = `GET /admin/x HTTP/1.1\r\n${HEAD}Authorization: Bearer ${token}\r\n${headers}\r\n`
    t.match(await rawRequest({ port, bytes }), /^HTTP\/1.1 200 /)
    return { ...upstream.requests.at(-1)?.headers }
  }

  await t.test('end-to-end headers pass, whatever they are', async (t) => {
    const headers = await received('X-Custom: one\r\nAccept: text/plain\r\nCookie: a=b\r\nX-Custom: two\r\n')
    t.match(headers, { 'x-custom': 'one, two', accept: 'text/plain', cookie: 'a=b' })
  })

  await t.test('what concerns one connection does not', async (t) => {
    const headers = await received(
      'Connection: keep-alive, te\r\nTE: trailers\r\nTrailer: X-User-Id\r\nProxy-Authorization: x\r\nKeep-Alive: timeout=5\r\n'
    )
    for (const name of ['te', 'trailer', 'proxy-authorization']) t.notOk(name in headers, name)
    t.not(headers['keep-alive'], 'timeout=5')
  })

  await t.test('nobody writes our headers but us', async (t) => {
    const headers = await received(
      'X-Patgate-Subject: root\r\nPatgate-Assertion: forged\r\nX-Patgate-Admin: 1\r\nX-Request-Id: mine\r\n'
    )
    t.equal(headers['x-patgate-subject'], ALICE.id)
    t.match(headers['patgate-assertion'], /^eyJ/)
    t.notOk('x-patgate-admin' in headers)
    t.match(headers['x-request-id'], /^[0-9a-f-]{36}$/)
  })

  await t.test('forwarding headers are regenerated from the socket', async (t) => {
    const headers = await received(
      'X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\nForwarded: for=1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\nX-Original-URL: /y\r\nX-Rewrite-URL: /y\r\nX-Envoy-Original-Path: /y\r\n'
    )
    t.match(headers, {
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'gateway.example.org'
    })
    for (const name of ['x-forwarded-port', 'forwarded', 'x-real-ip', 'x-original-url', 'x-rewrite-url']) {
      t.notOk(name in headers, name)
    }
  })

  await t.test('method overrides are removed and never consulted', async (t) => {
    const headers = await received('X-HTTP-Method-Override: DELETE\r\nX-Method-Override: DELETE\r\n')
    t.equal(headers['x-patgate-operation'], 'read')
    t.notOk('x-http-method-override' in headers)
    t.notOk('x-method-override' in headers)
  })

  await t.test('a trace is continued with a span of our own, or begun', async (t) => {
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const { traceparent, tracestate } = await received(`traceparent: ${parent}\r\ntracestate: a=b\r\n`)
    t.match(traceparent, /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
    t.not(traceparent, parent)
    t.equal(tracestate, 'a=b')
    const begun = await received('traceparent: nonsense\r\ntracestate: a=b\r\n')
    t.match(begun.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
    t.notOk('tracestate' in begun)
  })

  await t.test('request trailers are dropped', async (t) => {
    const body = '5\r\nhello\r\n0\r\nX-User-Id: root\r\n\r\n'
    const bytes = `POST /admin/x HTTP/1.1\r\n${HEAD}Authorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\nTrailer: X-User-Id\r\n\r\n${body}`
    t.match(await rawRequest({ port, bytes }), /^HTTP\/1.1 200 /)
    t.equal(await upstream.requests.at(-1)?.body, 'hello')
    t.notMatch(upstream.received(), /x-user-id/i)
  })

  await t.test('no token was ever seen by the upstream, nor by the log', async (t) => {
    t.notMatch(upstream.received(), token)
  })
})

test('a route may put a credential of the upstream in place, or forward the own one', async (t) => {
  const { url, upstream, tokenService } = await startGateway(t, {
    routes: `
  - { path: /in, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, upstream_headers: { Authorization: Bearer theirs } }
  - { path: /as-is, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, forward_credential: true }
`
  })
  const authorization = `Bearer ${tokenService.issue()}`
  await fetch(`${url}/in`, { headers: { authorization } })
  t.equal(upstream.requests.at(-1)?.headers.authorization, 'Bearer theirs')
  await fetch(`${url}/as-is`, { headers: { authorization } })
  t.equal(upstream.requests.at(-1)?.headers.authorization, authorization)
})

test("the upstream's connection headers, interim answers and trailers stay behind", async (t) => {
  const { port } = await startGateway(t, {
    answer: (_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' })
      response.writeHead(200, {
        Connection: 'X-Hop',
        'X-Hop': '1',
        'X-End': '2',
        'Set-Cookie': ['a=1', 'b=2'],
        Trailer: 'X-T'
      })
      response.addTrailers({ 'X-T': '1' })
      response.end('body')
    }
  })
  const answer = await rawRequest({ port, bytes: `GET /public/x HTTP/1.1\r\n${HEAD}\r\n` })
  t.match(answer, /^HTTP\/1.1 200 /)
  t.match(answer, /X-End: 2/)
  t.same(answer.match(/Set-Cookie: ./g), ['Set-Cookie: a', 'Set-Cookie: b'])
  t.notMatch(answer, /X-Hop|X-T\b|Link/i)
})

test('a peer in FORWARDED_FROM is believed: its word is the address everywhere', async (t) => {
  const forwardedFrom = new BlockList()
  forwardedFrom.addSubnet('127.0.0.0', 8, 'ipv4')
  const { url, upstream, tokenService } = await startGateway(t, { routes: ROUTES, config: { forwardedFrom } })
  const token = tokenService.issue({ allowed_addresses: ['203.0.113.0/24'] })
  const call = (forwardedFor: string): Promise<Response> =>
    fetch(`${url}/admin/x`, { headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': forwardedFor } })

  t.equal((await call('203.0.113.7')).status, 200)
  t.equal(upstream.requests.at(-1)?.headers['x-forwarded-for'], '203.0.113.7, 127.0.0.1')
  const denied = await call('203.0.113.7, 198.51.100.1, 127.0.0.9')
  t.equal(denied.status, 403, 'the rightmost address that is not trusted counts')
  t.match(await denied.json(), { code: 'address_not_allowed' })
})

test('a rewritten path is what the upstream sees; CORS is answered by the gateway', async (t) => {
  const { url, upstream } = await startGateway(t, {
    routes: `
  - { path: /old/*, upstream: demo, public: true, strip_prefix: /old, cors: { origins: ["https://app.example.org"] } }
  - { path: /from/*, upstream: demo, public: true, rewrite: { prefix: /from, with: /to } }
`,
    answer: (_request, response) => response.setHeader('Access-Control-Allow-Origin', '*').end()
  })
  const origin = 'https://app.example.org'
  const answer = await fetch(`${url}/old/x?a=1`, { headers: { origin } })
  t.equal(upstream.requests.at(-1)?.url, '/x?a=1')
  t.equal(answer.headers.get('access-control-allow-origin'), origin)
  const foreign = await fetch(`${url}/old/x`, { headers: { origin: 'https://evil.example.org' } })
  t.equal(foreign.headers.get('access-control-allow-origin'), null)
  await fetch(`${url}/from/x`)
  t.equal(upstream.requests.at(-1)?.url, '/to/x')

  const before = upstream.requests.length
  const preflight = await fetch(`${url}/old/x`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' }
  })
  t.equal(preflight.status, 204)
  t.equal(preflight.headers.get('access-control-allow-headers'), 'authorization')
  t.equal(upstream.requests.length, before)
})
