import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createOperationsApp } from '@patgate/service-kit'
import { rawRequest } from '@patgate/test-kit'
import { mintToken } from '@patgate/token-format'
import { test } from 'tap'
import { ROUTES, startGateway } from './support/gateway.ts'
import { readEvents } from './support/read-events.ts'

const STREAMS = `
  - { path: /ws/*, upstream: demo, group: demo, entity_type: dashboard, websocket: read, credentials: [bearer, "query:token", subprotocol, "cookie:sid"] }
`
const HANDSHAKE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

/** Every place where an attacker or a clumsy client might put a token. */
const PLACES: Readonly<Record<string, (token: string) => string>> = {
  'Authorization: Bearer': (token) => get('/admin/x', `Authorization: Bearer ${token}\r\n`),
  'Authorization without a scheme': (token) => get('/admin/x', `Authorization: ${token}\r\n`),
  Basic: (token) => get('/admin/x', `Authorization: Basic ${Buffer.from(`a:${token}`).toString('base64')}\r\n`),
  'a header that is no place for it': (token) => get('/admin/x', `X-Anything: ${token}\r\n`),
  'User-Agent': (token) => get('/admin/x', `User-Agent: tool/${token}\r\n`),
  Referer: (token) => get('/admin/x', `Referer: https://example.org/?t=${token}\r\n`),
  'the name of a header': (token) => get('/admin/x', `${token}: x\r\n`),
  'a request id': (token) => get('/admin/x', `X-Request-Id: ${token}\r\n`),
  'two places': (token) => get('/ws/echo', `Authorization: Bearer ${token}\r\nCookie: sid=${token}x\r\n${HANDSHAKE}`),
  'the query': (token) => get(`/admin/x?token=${token}`),
  'the query, escaped': (token) => get(`/admin/x?token=${token.replace('pat_', 'p%61t_')}`),
  'the path': (token) => get(`/admin/${token}`),
  'a path that no route has': (token) => get(`/nowhere/${token}`),
  'a path that is not canonical': (token) => get(`/admin/../${token}`),
  'an id of an entity': (token) => get(`/api/groups/demo/dashboards/${token}`),
  'the name of a channel': (token) => get(`/m/demo/c/${token}`),
  Cookie: (token) => get('/admin/x', `Cookie: sid=${token}\r\n`),
  'a body': (token) => `POST /admin/x HTTP/1.1\r\nHost: a\r\nContent-Length: ${token.length}\r\n\r\n${token}`,
  'a subprotocol': (token) => get('/ws/echo', `Sec-WebSocket-Protocol: patgate.token.${token}\r\n${HANDSHAKE}`),
  'the query of a handshake': (token) => get(`/ws/echo?token=${token}`, HANDSHAKE),
  'a host': (token) => `GET /admin/x HTTP/1.1\r\nHost: ${token}@b\r\n\r\n`,
  'the method': (token) => `${token} /admin/x HTTP/1.1\r\nHost: a\r\n\r\n`,
  'no HTTP at all': (token) => `${token}\r\n\r\n`,
  'a line that is no header': (token) => get('/admin/x', `${token}\r\n`)
}

function get(target: string, headers = ''): string {
  return `GET ${target} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`
}

test('C9: no token, wherever it is put, is in a log, an audit event, a metric or an answer', async (t) => {
  const { port, tokenService, upstream, natsUrl, deps, logs } = await startGateway(t, { routes: ROUTES + STREAMS })
  const tokens = {
    'one that may do nothing': tokenService.issue({ scopes: [] }),
    'one that was revoked': tokenService.issue(),
    'one that nobody issued': mintToken('pat')
  }
  tokenService.refuse(tokens['one that was revoked'], 'revoked')
  const heard = new Map<string, string>()
  for (const [place, write] of Object.entries(PLACES)) {
    for (const [which, token] of Object.entries(tokens)) {
      heard.set(`the answer to ${which} in ${place}`, await rawRequest({ port, bytes: write(token) }))
    }
  }
  await rawRequest({ port, bytes: get('/admin/the-last-one') })
  const events = await readEvents(natsUrl, (all) => all.some(({ request }) => request?.path === '/admin/the-last-one'))
  t.ok(events.length > Object.keys(PLACES).length, `${events.length} events`)
  for (const event of events) heard.set(`an event ${event.type} of ${event.request?.path}`, JSON.stringify(event))
  heard.set('the log', logs())
  const operations = await createOperationsApp({}, deps.metrics.process)
  t.teardown(() => operations.close())
  heard.set('the metrics', (await operations.inject('/metrics')).body)
  heard.set('the upstream', upstream.received())
  for (const [where, text] of heard) {
    for (const token of Object.values(tokens)) t.notOk(text.includes(token) || text.includes(token.slice(4)), where)
  }
})

test('what a request says of an address opens no connection to it, and no answer is kept', async (t) => {
  const decoy = createServer((socket) => socket.destroy())
  let connections = 0
  decoy.on('connection', () => connections++).listen(0, '127.0.0.1')
  await once(decoy, 'listening')
  t.teardown(() => decoy.close())
  const address = `127.0.0.1:${(decoy.address() as AddressInfo).port}`
  const { port, url, upstream, tokenService } = await startGateway(t, {
    answer: (request, response) =>
      request.resume().on('end', () => response.setHeader('cache-control', 'public, max-age=60').end(request.url))
  })

  await t.test('P13: a decoy hears nothing', async (t) => {
    const refused = [`http://${address}/`, `//${address}/`, `@${address}/`, `/public//${address}/`, address]
    for (const target of refused) t.match(await rawRequest({ port, bytes: get(target) }), /^HTTP\/1\.1 400 /, target)
    t.equal(upstream.connectionCount, 0)
    t.match(await rawRequest({ port, bytes: `CONNECT ${address} HTTP/1.1\r\nHost: ${address}\r\n\r\n` }), / 405 /)
    for (const headers of [`X-Forwarded-Host: ${address}\r\n`, `Forwarded: host="${address}"\r\n`]) {
      t.match(await rawRequest({ port, bytes: get('/public/x', headers) }), / 200 /)
    }
    t.match(await rawRequest({ port, bytes: `GET /public/x HTTP/1.1\r\nHost: ${address}\r\n\r\n` }), / 200 /)
    t.equal(connections, 0)
  })

  await t.test('P8, P9, P11, H11: no other spelling, query or user agent opens a route', async (t) => {
    const table: [bytes: string, status: number][] = [
      ...['/ADMIN/x', '/Admin/x', '/adminx', '/admin-old', '/admin.', '/admin%20'].map((path): [string, number] => [
        get(path),
        404
      ]),
      [get('/admin/x/'), 401],
      [get('/admin/x?x=/public/'), 401],
      ...['GoogleHC/1.0', 'kube-probe/1.30', ''].map((agent): [string, number] => [
        get('/admin/x', `User-Agent: ${agent}\r\n`),
        401
      ])
    ]
    const before = upstream.requests.length
    for (const [bytes, status] of table)
      t.match(await rawRequest({ port, bytes }), new RegExp(`^HTTP/1.1 ${status} `), bytes)
    t.equal(upstream.requests.length, before)
  })

  await t.test('C7: every refusal is no-store, and what an upstream calls public is asked of it again', async (t) => {
    const bearer = (token: string) => `Authorization: Bearer ${token}\r\n`
    const refusals: [bytes: string, status: number][] = [
      [get('/admin/x'), 401],
      [get('/admin/x', bearer(tokenService.issue({ scopes: [] }))), 403],
      [get('/nowhere'), 404],
      [`DELETE /admin/x HTTP/1.1\r\nHost: a\r\n\r\n`, 405],
      [get('/public/../admin/x'), 400]
    ]
    for (const [bytes, status] of refusals) {
      t.match(
        await rawRequest({ port, bytes }),
        new RegExp(`^HTTP/1.1 ${status} [^]*\\r\\ncache-control: no-store\\r\\n`, 'i')
      )
    }
    const headers = { authorization: `Bearer ${tokenService.issue()}` }
    const before = upstream.requests.length
    for (let time = 0; time < 3; time++) await (await fetch(`${url}/admin/x`, { headers })).text()
    t.equal(upstream.requests.length, before + 3)
  })
})
