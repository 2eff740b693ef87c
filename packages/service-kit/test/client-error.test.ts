import type { AddressInfo } from 'node:net'
import { rawRequest } from '@patgate/test-kit'
import t from 'tap'
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
