import { rawRequest } from '@patgate/test-kit'
import { test } from 'tap'
import { ROUTES, startGateway } from '../support/gateway.ts'
import { readEvents } from '../support/read-events.ts'

const HEAD = 'Host: gateway.example.org\r\n'
const get = (target: string, headers = ''): string => `GET ${target} HTTP/1.1\r\n${HEAD}${headers}\r\n`
const post = (headers: string, body = ''): string => `POST /public/x HTTP/1.1\r\n${HEAD}${headers}\r\n${body}`

/** Every one goes to a route that is open, so that only the guard stands between it and the upstream. */
const REFUSED: readonly (readonly [name: string, bytes: string, status: number, reason: string])[] = [
  ['P1 dot segment', get('/./public/x'), 400, 'dot_segment'],
  ['P1 dot segments upwards', get('/public/./../admin'), 400, 'dot_segment'],
  ['P3 plain', get('/public/../admin'), 400, 'dot_segment'],
  ['P3 encoded', get('/public/%2e%2e/admin'), 400, 'dot_segment'],
  ['P3 half encoded', get('/public/.%2e/admin'), 400, 'dot_segment'],
  ['P3 encoded slash', get('/public/..%2fadmin'), 400, 'encoded_delimiter'],
  ['P4 encoded slash', get('/public/a%2Fx'), 400, 'encoded_delimiter'],
  ['P4 encoded backslash', get('/public/..%5cadmin'), 400, 'encoded_delimiter'],
  ['P4 backslash', get('/public\\admin'), 400, 'target_character'],
  ['P4 NUL', get('/public/%00'), 400, 'encoded_delimiter'],
  ['P4 encoded question mark', get('/public/%3f'), 400, 'encoded_delimiter'],
  ['P5 double encoding', get('/public/%252e%252e/admin'), 400, 'double_encoding'],
  ['P5 double encoding in disguise', get('/public/%25%36%31'), 400, 'double_encoding'],
  ['P6 path parameter', get('/public/..;/admin'), 400, 'target_character'],
  ['P6 encoded path parameter', get('/public/x%3Ba'), 400, 'encoded_delimiter'],
  ['P7 leading double slash', get('//public/x'), 400, 'empty_segment'],
  ['P7 inner double slash', get('/public//x'), 400, 'empty_segment'],
  ['P10 fragment', get('/public#/../admin'), 400, 'target_character'],
  ['P10 encoded fragment', get('/public%23/../admin'), 400, 'encoded_delimiter'],
  ['P13 absolute form', get('http://127.0.0.1:6379/'), 400, 'not_origin_form'],
  ['P13 userinfo', get('@evil/'), 400, 'malformed'],
  ['M1 CONNECT', 'CONNECT host:443 HTTP/1.1\r\nHost: host:443\r\n\r\n', 405, 'method_not_allowed'],
  ['M1 TRACE', `TRACE /public/x HTTP/1.1\r\n${HEAD}\r\n`, 405, 'method_not_allowed'],
  ['M1 PURGE', `PURGE /public/x HTTP/1.1\r\n${HEAD}\r\n`, 501, 'unknown_method'],
  ['M1 lower case', `get /public/x HTTP/1.1\r\n${HEAD}\r\n`, 501, 'unknown_method'],
  ['H2 underscore', get('/public/x', 'X_User_Id: root\r\n'), 400, 'header_name'],
  ['H2 dot', get('/public/x', 'X.User.Id: root\r\n'), 400, 'header_name'],
  ['H3 connection names a header', get('/public/x', 'Connection: close, X-User-Id\r\n'), 400, 'connection_option'],
  ['H3 two lines', get('/public/x', 'Connection: close\r\nConnection:\tX-A\r\n'), 400, 'connection_option'],
  ['H4 connection names authorization', get('/public/x', 'connection: authorization\r\n'), 400, 'connection_option'],
  ['H8 two credentials', get('/public/x', 'Authorization: a\r\nAuthorization: a\r\n'), 400, 'duplicate_authorization'],
  ['H12 two hosts', get('/public/x', 'Host: other\r\n'), 400, 'host'],
  ['H12 not a host', 'GET /public/x HTTP/1.1\r\nHost: a/../b@c\r\n\r\n', 400, 'host'],
  ['H12 no host', 'GET /public/x HTTP/1.0\r\n\r\n', 400, 'host'],
  ['F1 length and chunked', post('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400, 'malformed'],
  ['F1 two lengths', post('Content-Length: 1\r\nContent-Length: 1\r\n', 'x'), 400, 'malformed'],
  ['F1 list of lengths', post('Content-Length: 5,5\r\n', 'hello'), 400, 'malformed'],
  ['F1 signed length', post('Content-Length: +5\r\n', 'hello'), 400, 'malformed'],
  ['F1 hexadecimal length', post('Content-Length: 0x5\r\n', 'hello'), 400, 'malformed'],
  ['F1 unknown coding', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), 400, 'framing'],
  ['F1 coding list', post('Transfer-Encoding: identity, chunked\r\n', '0\r\n\r\n'), 400, 'framing'],
  ['F1 coding behind a vertical tab', post('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'), 400, 'malformed'],
  ['F1 chunked, then identity', post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'), 400, 'malformed'],
  ['F1 bare line feeds', get('/public/x').replaceAll('\r\n', '\n'), 400, 'malformed'],
  ['F1 a bare line feed after a header', get('/public/x', 'X-A: b\n'), 400, 'malformed'],
  ['F1 a bare line feed that hides a header', get('/public/x', 'X-A: b\nX-B: c\r\n'), 400, 'malformed'],
  ['F1 a bare carriage return', get('/public/x', 'X-A: b\rX-B: c\r\n'), 400, 'malformed'],
  ['F1 obs-fold', get('/public/x', 'X-A: b\r\n c\r\n'), 400, 'malformed'],
  ['F1 NUL', get('/public/x', 'X-A: b\0c\r\n'), 400, 'malformed'],
  ['F1 space before colon', get('/public/x', 'X-A : b\r\n'), 400, 'malformed'],
  [
    'F2 chunked on 1.0',
    `POST /public/x HTTP/1.0\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'framing'
  ],
  ['F3 GET with a body', get('/public/x', 'Content-Length: 5\r\n').concat('hello'), 400, 'unexpected_body'],
  ['F3 DELETE with a body', `DELETE /public/x HTTP/1.1\r\n${HEAD}Content-Length: 1\r\n\r\nx`, 400, 'unexpected_body'],
  ['F4 underscore', post('Transfer_Encoding: chunked\r\n'), 400, 'header_name'],
  ['F4 two hyphens', post('Transfer--Encoding: chunked\r\n'), 400, 'framing'],
  ['F8 target too long', get(`/public/${'a'.repeat(9_000)}`), 431, 'target_too_long'],
  ['F8 target of 64 KiB', get(`/public/${'a'.repeat(65_536)}`), 431, 'header_block_too_large'],
  ['F8 header block', get('/public/x', `X-A: ${'a'.repeat(17_000)}\r\n`), 431, 'header_block_too_large'],
  ['F8 2000 headers', get('/public/x', 'a: b\r\n'.repeat(2_000)), 431, 'too_many_headers'],
  ['W1 h2c', get('/public/x', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'), 400, 'unsupported_upgrade']
]

/** The paths among them once more, on routes that forward another path than they were asked for. */
const ON_MOVING_ROUTES = ['/stripped', '/rewritten'].flatMap((prefix) =>
  REFUSED.filter(([name, bytes]) => /^P\d/.test(name) && bytes.includes('/public')).map(
    ([name, bytes, status, reason]) =>
      [`P12 ${name}, below ${prefix}`, bytes.replace('/public', prefix), status, reason] as const
  )
)
const SENT = [...REFUSED, ...ON_MOVING_ROUTES]

test('what is not one canonical request is refused before anything else', async (t) => {
  const { port, upstream, natsUrl } = await startGateway(t, {
    routes: `${ROUTES}  - { path: /stripped/*, upstream: demo, public: true, strip_prefix: /stripped }
  - { path: /rewritten/*, upstream: demo, public: true, rewrite: { prefix: /rewritten, with: /admin } }
  - { path: /*, upstream: demo, public: true }\n`
  })

  for (const [name, bytes, status, reason] of SENT) {
    await t.test(`${name}: ${status} ${reason}`, async (t) => {
      const answer = await rawRequest({ port, bytes: Buffer.from(bytes, 'latin1'), until: 'close' })
      t.match(answer, new RegExp(`^HTTP/1.1 ${status} `))
      t.match(answer, /content-type: application\/problem\+json/i)
      t.match(answer, /connection: close/i)
      t.equal(answer.split('HTTP/1.1 ').length, 2, 'one answer, whatever followed')
    })
  }

  await t.test('no byte reached the upstream', async (t) => {
    t.equal(upstream.connectionCount, 0)
  })

  await t.test('each left one event that names the reason', async (t) => {
    const events = await readEvents(natsUrl, SENT.length)
    t.same(
      events.map(({ type, outcome, reason }) => [type, outcome, reason]),
      SENT.map(([, , , reason]) => ['request.rejected', 'denied', reason])
    )
  })

  await t.test('OPTIONS * is answered by the gateway', async (t) => {
    const answer = await rawRequest({ port, bytes: `OPTIONS * HTTP/1.1\r\n${HEAD}\r\n` })
    t.match(answer, /^HTTP\/1.1 204 /)
    t.equal(upstream.connectionCount, 0)
  })

  await t.test('a million bytes of token are refused with an answer that can be read', async (t) => {
    const answer = await fetch(`http://127.0.0.1:${port}/public/x`, {
      headers: { authorization: `Bearer pat_${'a'.repeat(1024 * 1024)}` }
    })
    t.equal(answer.status, 431)
    t.match(await answer.json(), { code: 'too_large' })
  })

  await t.test('F5 a flood of chunk extensions is refused with an answer', async (t) => {
    const chunks = `1;${'a'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`
    const answer = await rawRequest({ port, bytes: post('Transfer-Encoding: chunked\r\n', chunks), until: 'close' })
    t.match(answer, /^HTTP\/1.1 400 /)
  })

  await t.test('pipelined requests are decided one by one', async (t) => {
    const bytes = get('/public/x') + get('/admin/x', 'Connection: close\r\n')
    const answer = await rawRequest({ port, bytes, until: 'close' })
    t.same(answer.match(/HTTP\/1.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 401'])
  })

  await t.test('what follows a refused request on its connection is not a request', async (t) => {
    const before = upstream.requests.length
    const answer = await rawRequest({ port, bytes: get('/./admin') + get('/public/x'), until: 'close' })
    t.same(answer.match(/HTTP\/1.1 \d+/g), ['HTTP/1.1 400'])
    t.equal(upstream.requests.length, before)
  })

  await t.test('a percent-encoded letter is decided and forwarded decoded', async (t) => {
    t.match(await rawRequest({ port, bytes: get('/%61dmin/x') }), /^HTTP\/1.1 401 /)
    t.match(await rawRequest({ port, bytes: get('/%70ublic/x') }), /^HTTP\/1.1 200 /)
    t.equal(upstream.requests.at(-1)?.url, '/public/x')
  })
})
