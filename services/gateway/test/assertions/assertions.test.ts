import { randomUUID } from 'node:crypto'
import { manualClock, until } from '@patgate/test-kit'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { test } from 'tap'
import { envoyClient } from '../forward-auth/envoy-client.ts'
import { startForwardAuth } from '../forward-auth/start-forward-auth.ts'
import { startGateway } from '../support/gateway.ts'
import { ALICE, assertionKeyOf, scope, TOKEN_ID } from '../support/token-service.ts'

const KEY = assertionKeyOf('published')
const { d: _secret, ...PUBLIC } = KEY.key
/** As `/.well-known/jwks.json` publishes it. */
const JWKS = createLocalJWKSet({ keys: [{ ...PUBLIC, use: 'sig' }] })

/** What an upstream called `demo` does with it. */
const verify = (jwt: string, currentDate = new Date()) =>
  jwtVerify(jwt, JWKS, {
    issuer: KEY.issuer,
    audience: 'demo',
    typ: 'patgate-assertion+jwt',
    algorithms: ['EdDSA'],
    currentDate
  })

test('an upstream can verify who asks', async (t) => {
  const { url, tokenService, upstream } = await startGateway(t)
  tokenService.lend(KEY)
  const call = async (secret: string, path = '/admin/x'): Promise<string> => {
    await fetch(url + path, { headers: { authorization: `Bearer ${secret}`, 'patgate-assertion': 'forged' } })
    return String(upstream.requests.at(-1)?.headers['patgate-assertion'])
  }
  const secret = tokenService.issue()
  await until(async () => decodeProtectedHeader(await call(secret)).kid === 'published')

  await t.test('a token', async (t) => {
    const { payload } = await verify(await call(secret))
    t.match(payload, {
      sub: ALICE.id,
      token_id: TOKEN_ID,
      kind: 'human',
      group: 'demo',
      role: 'owner',
      jti: /^[0-9a-f-]{36}$/
    })
    t.equal(Number(payload.exp) - Number(payload.iat), 60)
  })

  await t.test('a session has no token', async (t) => {
    const { payload } = await verify(await call(tokenService.openSession()))
    t.match(payload, { sub: ALICE.id, token_id: null, kind: 'session', role: 'owner' })
  })

  await t.test('one that speaks of something else is another one', async (t) => {
    const first = await call(secret)
    t.equal(await call(secret), first, 'signed once')
    const other = tokenService.issue({ token_id: randomUUID(), roles: { demo: 'analyst' } })
    t.match(decodeJwt(await call(other)), { role: 'analyst' })
  })

  await t.test('on a public route nothing is asserted, and nothing that a client claims gets through', async (t) => {
    t.equal(await call(secret, '/public/x'), '')
  })

  await t.test('a rotated key signs from then on', async (t) => {
    tokenService.lend(assertionKeyOf('second'))
    await until(async () => decodeProtectedHeader(await call(secret)).kid === 'second')
    t.equal(decodeProtectedHeader(await call(secret)).kid, 'second')
  })

  await t.test('an installation without signing keys asserts nothing', async (t) => {
    tokenService.lend(null)
    await until(async () => (await call(secret)) === '')
    t.equal(await call(secret), '')
  })
})

test('an assertion is signed anew in time, and never outlives its token', async (t) => {
  const startMs = Date.parse('2026-05-01T12:00:00Z')
  const clock = manualClock(startMs)
  const { url, tokenService, upstream } = await startGateway(t, { clock })
  const call = async (secret: string): Promise<string> => {
    await fetch(`${url}/admin/x`, { headers: { authorization: `Bearer ${secret}` } })
    return String(upstream.requests.at(-1)?.headers['patgate-assertion'])
  }
  const secret = tokenService.issue()
  const first = await call(secret)
  clock.advance(39_000)
  t.equal(await call(secret), first)
  clock.advance(1_000)
  const second = await call(secret)
  t.not(second, first)
  t.not(decodeJwt(second).jti, decodeJwt(first).jti)
  t.equal(decodeJwt(second).exp, startMs / 1000 + 100)

  const expiresAt = new Date(startMs + 50_000).toISOString()
  const brief = tokenService.issue({ token_id: randomUUID(), expires_at: expiresAt })
  t.equal(decodeJwt(await call(brief)).exp, startMs / 1000 + 50)
})

test('without a key that anybody named, a request is 503 and nothing reaches the upstream', async (t) => {
  const { url, tokenService, upstream, deps } = await startGateway(t)
  const broken = { ...assertionKeyOf(), issuer: 7 as unknown as string }
  const other = await startGateway(t, { config: { tokenServiceInternalUrl: tokenService.url } })
  t.ok(deps.holder.lease.isLive())
  tokenService.lend(broken)
  const late = await startGateway(t, { config: { tokenServiceInternalUrl: tokenService.url } })
  const secret = tokenService.issue()
  const headers = { authorization: `Bearer ${secret}` }
  t.equal((await fetch(`${late.url}/admin/x`, { headers })).status, 503)
  t.equal(late.upstream.connectionCount, 0)
  t.equal((await fetch(`${url}/admin/x`, { headers })).status, 200, 'who knew one goes on with it')
  t.equal(upstream.requests.length, 1)
  t.equal((await fetch(`${other.url}/admin/x`, { headers })).status, 200)
})

test('forward-auth answers with it, for the upstream of the route', async (t) => {
  const { authPort, grpcPort, tokenService } = await startForwardAuth(t)
  const secret = tokenService.issue({ scopes: [scope('dashboard', ['read'])] })
  const headers = { authorization: `Bearer ${secret}`, 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/admin/x' }
  const answer = await fetch(`http://127.0.0.1:${authPort}/forward-auth/traefik`, { headers })
  t.match(decodeJwt(answer.headers.get('patgate-assertion') ?? ''), { aud: 'demo', sub: ALICE.id, group: 'demo' })
  const { ok_response: ok } = await envoyClient(t, grpcPort)({ method: 'GET', path: '/admin/x', headers })
  const option = ok?.headers.find(({ header }) => header.key === 'patgate-assertion')
  t.match(decodeJwt(option?.header.value ?? ''), { aud: 'demo', token_id: TOKEN_ID })
})
