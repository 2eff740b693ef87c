import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { rawRequest } from '@patgate/test-kit'
import t, { type Test } from 'tap'
import { answerClientError } from '../src/client-error.ts'
import { openApp } from './test-app.ts'

t.test('what is not even a request is answered as a problem, and its connection closed', async (t) => {
  const { app } = await openApp(t)
  app.get('/', { config: { policy: 'public' } }, async () => ({ fine: true }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const cases: [name: string, bytes: string, status: number, code: string][] = [
    ['a header of a megabyte', `GET / HTTP/1.1\r\nHost: a\r\nA: ${'a'.repeat(1_000_000)}\r\n\r\n`, 431, 'too_large'],
    ['no such method', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 501, 'not_implemented'],
    ['no HTTP', 'hello\r\n\r\n', 501, 'not_implemented'],
    ['a broken header', 'GET / HTTP/1.1\r\nHost a\r\n\r\n', 400, 'invalid_request']
  ]
  for (const [name, bytes, status, code] of cases) {
    const [head = '', body = ''] = (await rawRequest({ port, bytes })).split('\r\n\r\n')
    t.match(head, new RegExp(`^HTTP/1\\.1 ${status} `), name)
    t.match(head, /content-type: application\/problem\+json\r\n[\s\S]*connection: close/)
    t.match(JSON.parse(body), { status, code, request_id: String })
  }
  t.equal((await app.inject('/')).statusCode, 200)
})

t.test('half a head that stays half is answered as a problem', async (t) => {
  const answer = await answerTo(t, 'GET / HTTP/1.1\r\nHost: ')
  t.match(answer, /^HTTP\/1\.1 400 Refused\r\n/)
  t.match(answer, '"code":"invalid_request"')
})

t.test('a connection that was opened ahead and never used is closed without a word', async (t) => {
  t.equal(await answerTo(t, ''), '', 'a browser would read it as the answer to the request it is about to send')
})

/** What a server that waits a tenth of a second for a head says to whoever has said only this. */
async function answerTo(t: Test, said: string): Promise<string> {
  const server = createServer({ headersTimeout: 100, requestTimeout: 100, connectionsCheckingInterval: 20 })
  server.on('clientError', answerClientError)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  if (said !== '') socket.write(said)
  return text(socket)
}
