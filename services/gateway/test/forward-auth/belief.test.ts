import { test } from 'tap'
import { readEvents } from '../support/read-events.ts'
import { ALICE, scope } from '../support/token-service.ts'
import { ADAPTERS, callBytes } from './raw-calls.ts'
import { ask, bearer, startForwardAuth } from './start-forward-auth.ts'

const TARGET = '/admin/x'

test('H6: nobody is believed who is not in TRUSTED_PROXIES, and by default nobody is', async (t) => {
  const { authPort, port, tokenService, natsUrl } = await startForwardAuth(t, {
    config: { trustedProxies: undefined }
  })
  const headers = bearer(tokenService.issue())
  for (const adapter of ADAPTERS) {
    for (const listener of [authPort, port]) {
      const answer = await ask(listener, callBytes(adapter, { method: 'GET', target: '/public/x', headers }))
      t.equal(answer.status, 403, adapter)
      t.notOk(answer.headers['x-patgate-subject'])
    }
  }
  t.equal(tokenService.questions.length, 0, 'no credential was looked at')
  const [event] = await readEvents(natsUrl, 1)
  t.match(event, { type: 'request.rejected', reason: 'untrusted_proxy', actor: { address: '127.0.0.1' } })
})

test('H7: a call that does not say exactly once what it is about is denied', async (t) => {
  const { authPort, tokenService } = await startForwardAuth(t)
  const headers = bearer(tokenService.issue())
  const call = { method: 'GET', target: TARGET, headers }
  const names = { nginx: ['X-Original-Method', 'X-Original-URI'] } as const
  for (const adapter of ADAPTERS.filter((each) => each !== 'envoy')) {
    const [method, uri] = adapter === 'nginx' ? names.nginx : (['X-Forwarded-Method', 'X-Forwarded-Uri'] as const)
    const incomplete: readonly (readonly string[])[] = [
      [],
      [`${method}: GET`],
      [`${uri}: ${TARGET}`],
      [`${method}: GET`, `${uri}:`],
      [`${method}:`, `${uri}: ${TARGET}`],
      [`${method}: GET`, `${method}: GET`, `${uri}: ${TARGET}`],
      [`${method}: GET`, `${uri}: ${TARGET}`, `${uri}: ${TARGET}`],
      [`${method}: GET`, `${uri.toLowerCase()}: /public/x`, `${uri}: ${TARGET}`],
      [`${method}: GET, GET`, `${uri}: ${TARGET}`],
      [`${method}: GET,POST`, `${uri}: ${TARGET}`],
      [`${method}: GET`, `${uri}: ${TARGET} HTTP/1.1`],
      [`${method}: GET`, `${uri}: /public/x /admin/x`]
    ]
    for (const described of incomplete) {
      const answer = await ask(authPort, callBytes(adapter, call, described))
      t.equal(answer.status, adapter === 'nginx' ? 403 : 400, `${adapter}: ${described.join(' | ')}`)
    }
  }
  t.equal((await ask(authPort, 'GET /forward-auth/envoy HTTP/1.1\r\nHost: x\r\n\r\n')).status, 400)
  t.equal(tokenService.questions.length, 0)
})

test('H13: no other header has a say in what is asked about', async (t) => {
  const { authPort } = await startForwardAuth(t)
  for (const adapter of ADAPTERS) {
    const lies = ['X-Original-URL', '/public/x', 'X-Rewrite-URL', '/public/x', 'X-Envoy-Original-Path', '/public/x']
    const answer = await ask(authPort, callBytes(adapter, { method: 'GET', target: TARGET, headers: lies }))
    t.equal(answer.status, 401, adapter)
  }
})

test("the client's address is the rightmost entry of X-Forwarded-For that no trusted proxy wrote", async (t) => {
  const { authPort, tokenService } = await startForwardAuth(t)
  const headers = bearer(tokenService.issue({ allowed_addresses: ['192.0.2.0/24'] }))
  const from = async (...lines: readonly string[]): Promise<number> => {
    const bytes = callBytes('traefik', { method: 'GET', target: TARGET, headers }).toString('latin1')
    const forwarded = lines.map((line) => `X-Forwarded-For: ${line}\r\n`).join('')
    return (await ask(authPort, bytes.replace('X-Forwarded-For: 127.0.0.1\r\n', forwarded))).status
  }
  t.equal(await from('192.0.2.7'), 200)
  t.equal(await from('192.0.2.7, 127.0.0.1, 127.0.0.2'), 200, 'trusted proxies on the way')
  t.equal(await from('203.0.113.9, 192.0.2.7'), 200)
  t.equal(await from('192.0.2.7, 203.0.113.9'), 403, 'what the client claims itself')
  t.equal(await from('192.0.2.7', '203.0.113.9'), 403, 'in two lines')
  t.equal(await from('192.0.2.7, unknown'), 403, 'what is to the left of something unknown')
  t.equal(await from('::ffff:192.0.2.7'), 200)
  t.equal(await from('garbage'), 403)
  t.equal(await from(), 403, 'nobody says where the client is')
})

test('the audit log says what the client wanted, not what the proxy asked', async (t) => {
  const { authPort, tokenService, natsUrl } = await startForwardAuth(t)
  const allowed = bearer(tokenService.issue())
  const denied = [...bearer(tokenService.issue({ scopes: [scope('dashboard', ['list'])] })), 'User-Agent', 'curl/8']
  await ask(authPort, callBytes('nginx', { method: 'GET', target: '/%61dmin/x?a=1', headers: allowed }))
  await ask(authPort, callBytes('traefik', { method: 'POST', target: TARGET, headers: denied }))
  await ask(authPort, callBytes('caddy', { method: 'DELETE', target: '/admin/../x?secret', headers: allowed }))
  t.match(await readEvents(natsUrl, 3), [
    { type: 'access.allowed', outcome: 'success', actor: { id: ALICE.id }, request: { method: 'GET', path: TARGET } },
    {
      type: 'access.denied',
      reason: 'insufficient_scope',
      actor: { address: '127.0.0.1', user_agent: 'curl/8' },
      request: { method: 'POST', path: TARGET, status: 403 }
    },
    { type: 'request.rejected', reason: 'dot_segment', request: { method: 'DELETE', path: '/admin/../x', status: 400 } }
  ])
})
