import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { callBytes } from './raw-calls.ts'
import { ask, bearer, startForwardAuth } from './start-forward-auth.ts'

async function socketPath(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patgate-socket-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'forward-auth.sock')
}

async function statusOver(socket: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const call = request({ socketPath: socket, path, headers }).end()
  const [response] = await once(call, 'response')
  response.resume()
  return response.statusCode
}

test('the port for proxies serves nothing else', async (t) => {
  const { authPort, tokenService, upstream } = await startForwardAuth(t)
  const token = tokenService.issue()
  for (const path of [
    '/',
    '/public/x',
    '/admin/x',
    '/v1/tokens',
    '/.well-known/jwks.json',
    '/forward-auth',
    '/forward-auth/'
  ]) {
    const bytes = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
    t.equal((await ask(authPort, bytes)).status, 404, path)
  }
  t.equal((await ask(authPort, 'GET /forward-auth/nobody HTTP/1.1\r\nHost: x\r\n\r\n')).status, 404)
  t.equal(upstream.connectionCount, 0)
})

test('whoever may open the socket may ask', async (t) => {
  const path = await socketPath(t)
  const { tokenService } = await startForwardAuth(t, { config: { trustedProxies: undefined, forwardAuthSocket: path } })
  t.equal(statSync(path).mode & 0o777, 0o660)
  const headers = { 'x-original-method': 'GET', 'x-original-uri': '/admin/x' }
  t.equal(await statusOver(path, '/forward-auth/nginx', headers), 401)
  const authorization = `Bearer ${tokenService.issue()}`
  t.equal(await statusOver(path, '/forward-auth/nginx', { ...headers, authorization }), 200)
  t.equal(await statusOver(path, '/admin/x', { authorization }), 404)
})

test('a socket that a killed gateway left behind is taken over; one in use is not', async (t) => {
  const path = await socketPath(t)
  const other = createServer().listen(path)
  await once(other, 'listening')
  await t.rejects(startForwardAuth(t, { config: { forwardAuthSocket: path } }), { code: 'EADDRINUSE' })
  t.ok(existsSync(path))
  other.close()
  await once(other, 'close')
})

test('503 from nginx to Caddy when it cannot be decided, each in its words', async (t) => {
  const { authPort, tokenService } = await startForwardAuth(t)
  const headers = bearer(tokenService.issue())
  tokenService.behave(500)
  const call = { method: 'GET', target: '/admin/x', headers }
  const nginx = await ask(authPort, callBytes('nginx', call))
  t.equal(nginx.status, 403)
  t.match(nginx.headers, { 'patgate-status': '503', 'patgate-retry-after': '1' })
  const caddy = await ask(authPort, callBytes('caddy', call))
  t.equal(caddy.status, 503)
  t.equal(caddy.headers['retry-after'], '1')
})
