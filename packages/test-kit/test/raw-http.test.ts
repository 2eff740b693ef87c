import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { rawRequest, recordingUpstream, type Teardown } from '@patgate/test-kit'
import t from 'tap'

t.test('the bytes reach the upstream exactly as they were sent', async (t) => {
  const upstream = await recordingUpstream(t)
  const bytes = 'POST /a%2Fb?q=1 HTTP/1.1\r\nhost: x\r\nX-oDD: \xe9\r\ncontent-length: 4\r\n\r\nbody'
  const answer = await rawRequest({ port: upstream.port, bytes: Buffer.from(bytes, 'latin1') })
  t.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
  t.match(answer, /\{"ok":true\}/)
  t.equal(upstream.received(), bytes)
  t.equal(upstream.connectionCount, 1)
  const [request] = upstream.requests
  t.match(request, { method: 'POST', url: '/a%2Fb?q=1' })
  t.match(request?.rawHeaders, ['host', 'x', 'X-oDD'])
  t.equal(await request?.body, 'body')
})

t.test('a test may answer for the upstream', async (t) => {
  const upstream = await recordingUpstream(t, (_request, response) => response.writeHead(204).end())
  const answer = await rawRequest({ port: upstream.port, bytes: 'GET / HTTP/1.1\r\nhost: x\r\n\r\n' })
  t.match(answer, /^HTTP\/1\.1 204 /)
})

t.test('a chunked answer is complete with its last chunk', async (t) => {
  const upstream = await recordingUpstream(t, (_request, response) => {
    response.write('one')
    response.end('two')
  })
  const answer = await rawRequest({ port: upstream.port, bytes: 'GET / HTTP/1.1\r\nhost: x\r\n\r\n' })
  t.match(answer, /3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/)
})

t.test('an interim response is not the answer', async (t) => {
  const upstream = await recordingUpstream(t)
  const bytes = 'POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}'
  t.match(await rawRequest({ port: upstream.port, bytes }), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
})

t.test('waiting for the close proves that the server closed', async (t) => {
  const upstream = await recordingUpstream(t)
  const request = { port: upstream.port, until: 'close' } as const
  const closing = { ...request, bytes: 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n' }
  t.match(await rawRequest(closing), /200 OK/)
  const open = { ...request, bytes: 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', timeoutMs: 100 }
  await t.rejects(rawRequest(open), { message: /no complete answer within 100 ms; heard "HTTP/ })
})

t.test('a reset ends the answer with what came before it', async (t) => {
  const port = await resettingServer(t)
  t.equal(await rawRequest({ port, bytes: 'anything' }), 'HTTP/1.1 400 Bad Request\r\n')
})

t.test('a port where nobody listens is an error', async (t) => {
  await t.rejects(rawRequest({ port: 1, bytes: '' }), { code: 'ECONNREFUSED' })
})

async function resettingServer(t: Teardown): Promise<number> {
  const server = createServer((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n', () => socket.resetAndDestroy()))
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}
