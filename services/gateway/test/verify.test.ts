import { manualClock, until } from '@patgate/test-kit'
import { test } from 'tap'
import { startGateway } from './support/gateway.ts'
import { ALICE, scope } from './support/token-service.ts'

const START_MS = Date.parse('2026-05-01T12:00:00Z')
/** An answer has a mebibyte at most; the rest is what was on its way. */
const MOST_TAKEN = 16 * 1024 * 1024
const bearer = (token: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${token}` }
})

test('a token is looked up once, and again when a change has touched it', async (t) => {
  const { url, tokenService } = await startGateway(t)
  const token = tokenService.issue()
  const call = async (): Promise<number> => (await fetch(`${url}/admin/x`, bearer(token))).status

  t.same(await Promise.all([call(), call(), call(), call()]), [200, 200, 200, 200])
  t.equal(tokenService.questions.length, 1, 'questions at the same time are one')
  t.equal(await call(), 200)
  t.equal(tokenService.questions.length, 1, 'what is in memory is not asked for')
  tokenService.refuse(token, 'revoked')
  await until(async () => (await call()) === 401)
  t.equal(tokenService.questions.length, 2, 'asked again when the renewal has told of the change')
})

test('without a live lease nothing in memory is believed, and nobody waits for the question of another', async (t) => {
  const { url, tokenService, deps } = await startGateway(t)
  const token = tokenService.issue()
  const call = async (): Promise<number> => (await fetch(`${url}/admin/x`, bearer(token))).status
  t.equal(await call(), 200)
  await deps.holder.stop()
  const before = tokenService.questions.length
  t.same(await Promise.all([call(), call(), call()]), [200, 200, 200])
  t.equal(tokenService.questions.length - before, 3)
})

test('a digest that nobody had is accepted as soon as a change has created it', async (t) => {
  const { url, tokenService } = await startGateway(t)
  const token = tokenService.issue()
  const call = async (): Promise<number> => (await fetch(`${url}/admin/x`, bearer(token))).status
  tokenService.refuse(token, 'unknown')
  t.equal(await call(), 401)
  t.equal(await call(), 401)
  t.equal(tokenService.questions.length, 1, 'remembered, apart from what is known')
  tokenService.accept(token)
  await until(async () => (await call()) === 200)
  t.equal(tokenService.questions.length, 2)
})

test('a session that nobody knows is asked about every time: no change tells that somebody has come to know it', async (t) => {
  const { url, tokenService } = await startGateway(t)
  const session = tokenService.openSession()
  const call = async (): Promise<number> => (await fetch(`${url}/admin/x`, bearer(session))).status
  tokenService.refuse(session, 'unknown')
  const before = tokenService.questions.length
  t.same([await call(), await call()], [401, 401])
  t.equal(tokenService.questions.length - before, 2)
})

test('a token is dead at the instant of its expiry, also in memory', async (t) => {
  const clock = manualClock(START_MS)
  const { url, tokenService } = await startGateway(t, { clock })
  const token = tokenService.issue({ expires_at: new Date(START_MS + 1_000).toISOString() })
  t.equal((await fetch(`${url}/admin/x`, bearer(token))).status, 200)
  clock.advance(999)
  t.equal((await fetch(`${url}/admin/x`, bearer(token))).status, 200)
  t.equal(tokenService.questions.length, 1)
  clock.advance(1)
  t.equal((await fetch(`${url}/admin/x`, bearer(token))).status, 401)
  await tokenService.stop()
  t.equal((await fetch(`${url}/admin/x`, bearer(token))).status, 401, 'whether anybody can be asked about it or not')
})

test('of a secret whose time is over the token service hears: it may have been retired by a rotation', async (t) => {
  const clock = manualClock(START_MS)
  const { url, tokenService } = await startGateway(t, { clock })
  const token = tokenService.issue({ expires_at: new Date(START_MS + 1_000).toISOString() })
  const call = async (): Promise<number> => (await fetch(`${url}/admin/x`, bearer(token))).status
  t.equal(await call(), 200)
  clock.advance(1_000)
  tokenService.refuseByTime(token, 'revoked')
  t.same([await call(), await call(), await call()], [401, 401, 401])
  t.equal(tokenService.questions.length, 2, 'once, and what it said is remembered')
})

test('what is malformed costs no look-up', async (t) => {
  const { url, tokenService } = await startGateway(t)
  for (const secret of ['x', 'pat_', `pat_${'a'.repeat(38)}`, `pat_${'a'.repeat(8_000)}`, 'eyJhbGciOiJub25lIn0.e30.']) {
    t.equal((await fetch(`${url}/admin/x`, bearer(secret))).status, 401)
  }
  t.equal(tokenService.questions.length, 0)
})

test('a token service that does not say is 503, never a guess', async (t) => {
  const { url, tokenService, upstream } = await startGateway(t)
  const token = tokenService.issue()
  for (const behaviour of [500, 401, 'garbage', 'silent'] as const) {
    tokenService.behave(behaviour)
    const answer = await fetch(`${url}/admin/x`, bearer(token))
    t.equal(answer.status, 503, String(behaviour))
    t.equal(answer.headers.get('retry-after'), '1')
    t.match(await answer.json(), { code: 'unavailable' })
  }
  tokenService.behave('ok')
  t.equal((await fetch(`${url}/admin/x`, bearer(token))).status, 200)
  await tokenService.stop()
  t.equal((await fetch(`${url}/admin/x`, bearer(tokenService.issue()))).status, 503)
  t.equal(upstream.requests.length, 1)
})

test('C6: an answer without an end is 503, and is not taken into memory', async (t) => {
  const { url, tokenService } = await startGateway(t)
  tokenService.behave('endless')
  const answer = await fetch(`${url}/admin/x`, bearer(tokenService.issue()))
  t.equal(answer.status, 503)
  t.ok(tokenService.endlessBytes < MOST_TAKEN, `${tokenService.endlessBytes} bytes were taken`)
  tokenService.behave('ok')
  await until(async () => (await fetch(`${url}/admin/x`, bearer(tokenService.issue()))).status === 200)
})

test('Basic authentication names the owner, or nobody', async (t) => {
  const { url, tokenService } = await startGateway(t)
  const token = tokenService.issue()
  const call = async (userName: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${userName}:${token}`).toString('base64')}`
    return (await fetch(`${url}/admin/x`, { headers: { authorization } })).status
  }
  t.equal(await call(''), 200)
  t.equal(await call(ALICE.email), 200)
  t.equal(await call(ALICE.id), 200)
  t.equal(await call('mallory@example.org'), 401)
})

test('a session stands for its owner, where the route accepts sessions', async (t) => {
  const { url, tokenService, upstream } = await startGateway(t, {
    routes: `
  - { path: /open, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read, DELETE: delete } }
  - { path: /tokens-only, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, sessions: false }
`
  })
  const session = tokenService.openSession({ roles: { demo: 'guest' } })
  const xcAuth = { headers: { 'xc-auth': session } }
  t.equal((await fetch(`${url}/open`, bearer(session))).status, 200)
  t.equal((await fetch(`${url}/open`, xcAuth)).status, 200)
  t.match(upstream.requests.at(-1)?.headers, {
    'x-patgate-kind': 'session',
    'x-patgate-token': '',
    'xc-auth': undefined
  })
  t.equal((await fetch(`${url}/open`, { method: 'DELETE', ...xcAuth })).status, 403)
  t.equal((await fetch(`${url}/tokens-only`, xcAuth)).status, 401)
  t.notMatch(upstream.received(), session)
})

test('a token with an address list works from those addresses only', async (t) => {
  const { url, tokenService } = await startGateway(t)
  const call = (allowed: string[]): Promise<Response> =>
    fetch(`${url}/admin/x`, bearer(tokenService.issue({ allowed_addresses: allowed })))
  t.equal((await call(['127.0.0.0/8'])).status, 200)
  t.equal((await call(['::1', '127.0.0.1'])).status, 200)
  const denied = await call(['10.0.0.0/8'])
  t.equal(denied.status, 403)
  t.match(await denied.json(), { code: 'address_not_allowed' })
})

test('no token and no session is ever logged', async (t) => {
  const { url, tokenService, logs } = await startGateway(t, { upstreamUrl: 'http://127.0.0.1:1' })
  const token = tokenService.issue()
  t.equal((await fetch(`${url}/admin/${token}?t=${token}`, bearer(token))).status, 502)
  await until(() => logs().includes('request answered'))
  t.notMatch(logs(), token)
})

test("a group's cap on lifetimes binds a token that exists, in that group and from its moment on", async (t) => {
  const clock = manualClock(START_MS)
  const routes = `
  - { path: /capped, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read } }
  - { path: /other, upstream: demo, group: other, entity_type: dashboard, operations: { GET: read } }
`
  const { url, tokenService } = await startGateway(t, { clock, routes })
  const token = tokenService.issue({
    scopes: [scope('dashboard', ['read'], { group: '*' })],
    roles: { demo: 'owner', other: 'owner' },
    group_caps: { demo: new Date(START_MS + 1_000).toISOString() }
  })
  const call = (path: string): Promise<Response> => fetch(url + path, bearer(token))
  t.equal((await call('/capped')).status, 200)
  clock.advance(1_000)
  const denied = await call('/capped')
  t.equal(denied.status, 403)
  t.match(await denied.json(), { code: 'policy_violation' })
  t.equal((await call('/other')).status, 200)
})
