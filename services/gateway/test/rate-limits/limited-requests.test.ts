import { randomUUID } from 'node:crypto'
import { freePort } from '@patgate/local'
import { type Teardown, until } from '@patgate/test-kit'
import { mintToken } from '@patgate/token-format'
import { test } from 'tap'
import { envoyClient } from '../forward-auth/envoy-client.ts'
import { startForwardAuth } from '../forward-auth/start-forward-auth.ts'
import { startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.ts'
import { readEvents } from '../support/read-events.ts'
import { openOwnRedis, scriptsRun } from './own-redis.ts'

const ROUTES = `
  - { path: /admin/*, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read } }
  - { path: /graphql, upstream: demo, group: demo, entity_type: dashboard, graphql: { query: read } }
`
const QUOTAS = {
  failed_authentication: { requests: 4, perSeconds: 600 },
  unknown_token: { requests: 2, perSeconds: 600 }
}

interface LimitedGateway extends TestGateway {
  readonly redisUrl: string
  call(secret: string, path?: string): Promise<Response>
  /** A token that may be used so often in ten minutes. */
  limited(requests: number): string
}

async function startLimited(t: Teardown, config: TestGatewayOptions['config'] = {}): Promise<LimitedGateway> {
  const { url: redisUrl } = await openOwnRedis(t)
  const gateway = await startGateway(t, { routes: ROUTES, config: { redisUrl, ...config } })
  await until(() => gateway.deps.rateLimits.redis.status === 'ready')
  return {
    ...gateway,
    redisUrl,
    call: (secret, path = '/admin/x') => fetch(gateway.url + path, { headers: { authorization: `Bearer ${secret}` } }),
    limited: (requests) =>
      gateway.tokenService.issue({ token_id: randomUUID(), rate_limit: { requests, per_seconds: 600 } })
  }
}

test('a token is held to its own limit', async (t) => {
  const { call, limited, tokenService, upstream, natsUrl, redisUrl, url } = await startLimited(t)

  await t.test('allowed answers say what is left, the refusal when to come again', async (t) => {
    const secret = limited(2)
    const answers = [await call(secret), await call(secret), await call(secret)]
    t.same(
      answers.map(({ status }) => status),
      [200, 200, 429]
    )
    t.same(
      answers.map(({ headers }) => headers.get('ratelimit')?.replace(/t=(600|59\d)$/, 't=soon')),
      ['"token";r=1;t=soon', '"token";r=0;t=soon', '"token";r=0;t=soon']
    )
    for (const { headers } of answers) t.equal(headers.get('ratelimit-policy'), '"token";q=2;w=600')
    const retryAfterS = Number(answers[2]?.headers.get('retry-after'))
    t.ok(retryAfterS > 590 && retryAfterS <= 600)
    t.match(await answers[2]?.json(), { code: 'rate_limited', status: 429 })
    t.equal(upstream.requests.length, 2)
    const [, , denied] = await readEvents(natsUrl, 3)
    t.match(denied, {
      type: 'access.denied',
      reason: 'rate_limited',
      actor: { name: 'Alice' },
      request: { status: 429 }
    })
  })

  await t.test('what is refused for another reason is not counted', async (t) => {
    const secret = limited(1)
    t.equal(
      (await fetch(`${url}/admin/x`, { method: 'PUT', headers: { authorization: `Bearer ${secret}` } })).status,
      405
    )
    t.equal((await call(secret)).status, 200)
  })

  await t.test('a batch of GraphQL counts every entry', async (t) => {
    const secret = limited(3)
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
    const body = JSON.stringify([{ query: '{ a }' }, { query: '{ b }' }])
    const first = await fetch(`${url}/graphql`, { method: 'POST', headers, body })
    t.match(first.headers.get('ratelimit'), /r=1;/)
    t.equal((await fetch(`${url}/graphql`, { method: 'POST', headers, body })).status, 429)
  })

  await t.test('a token without a limit, and a session, ask Redis nothing and are told nothing', async (t) => {
    const secrets = [tokenService.issue(), tokenService.openSession()]
    const before = await scriptsRun(redisUrl)
    for (const secret of secrets) {
      const answer = await call(secret)
      t.equal(answer.status, 200)
      t.notOk(answer.headers.has('ratelimit'))
      t.notOk(answer.headers.has('ratelimit-policy'))
    }
    t.equal(await scriptsRun(redisUrl), before)
  })
})

test('an address that presents what is not valid has to wait', async (t) => {
  const { call, tokenService, redisUrl } = await startLimited(t, { addressQuotas: QUOTAS })
  const known = tokenService.issue()
  const status = async (secret: string): Promise<number> => (await call(secret)).status
  t.equal(await status(known), 200)

  const before = await scriptsRun(redisUrl)
  for (const malformed of ['pat_000000000000000000000000000000000dawQ2', 'nonsense'])
    t.equal(await status(malformed), 401)
  t.equal(await scriptsRun(redisUrl), before, 'what is malformed costs nothing')

  const refused = mintToken('pat')
  t.equal(await status(refused), 401)
  t.equal(await status(mintToken('pat')), 401)
  await until(async () => (await status(mintToken('pat'))) === 429)
  const questions = tokenService.questions.length
  const answer = await call(mintToken('pat'))
  t.match(answer.headers.get('ratelimit-policy'), /"unknown-token";q=2;w=600/)
  t.ok(answer.headers.has('retry-after'))
  t.equal(tokenService.questions.length, questions, 'the token service is spared')
  t.equal(await status(known), 200, 'what is in memory is not concerned')
  t.equal(await status(refused), 401)
})

test('a revoked token that is tried again and again counts as failed authentication', async (t) => {
  const { call, tokenService } = await startLimited(t, { addressQuotas: QUOTAS })
  const revoked = tokenService.issue()
  tokenService.refuse(revoked, 'revoked')
  for (let i = 0; i < 4; i++) t.equal((await call(revoked)).status, 401)
  await until(async () => (await call(tokenService.issue())).status === 429)
})

test('without Redis each gateway counts for itself', async (t) => {
  const redisUrl = `redis://127.0.0.1:${await freePort()}`
  const { url, tokenService } = await startGateway(t, { config: { redisUrl } })
  const secret = tokenService.issue({ rate_limit: { requests: 1, per_seconds: 600 } })
  const call = () => fetch(`${url}/admin/x`, { headers: { authorization: `Bearer ${secret}` } })
  t.equal((await call()).status, 200)
  t.equal((await call()).status, 429)
})

test('forward-auth tells the same, each adapter in its way', async (t) => {
  const { authPort, grpcPort, tokenService } = await startForwardAuth(t)
  const once = () => tokenService.issue({ token_id: randomUUID(), rate_limit: { requests: 1, per_seconds: 600 } })
  const ask = (adapter: string, secret: string) =>
    fetch(`http://127.0.0.1:${authPort}/forward-auth/${adapter}`, {
      headers: {
        authorization: `Bearer ${secret}`,
        'x-original-method': 'GET',
        'x-original-uri': '/admin/x',
        'x-forwarded-method': 'GET',
        'x-forwarded-uri': '/admin/x'
      }
    })
  for (const adapter of ['nginx', 'traefik', 'caddy', 'apisix']) {
    const secret = once()
    const allowed = await ask(adapter, secret)
    t.equal(allowed.status, 200)
    t.match(allowed.headers.get('ratelimit'), /^"token";r=0;t=/)
    const refused = await ask(adapter, secret)
    t.equal(refused.status, adapter === 'nginx' ? 403 : 429)
    t.match(refused.headers.get('ratelimit-policy'), '"token";q=1;w=600')
    if (adapter === 'nginx') {
      t.equal(refused.headers.get('patgate-status'), '429')
      t.match(refused.headers.get('patgate-retry-after'), /^\d{3}$/)
    }
  }

  const check = envoyClient(t, grpcPort)
  const http = { method: 'GET', path: '/admin/x', headers: { authorization: `Bearer ${once()}` } }
  const { ok_response: allowed } = await check(http)
  t.same(
    allowed?.response_headers_to_add.map(({ header }) => header.key),
    ['ratelimit-policy', 'ratelimit'],
    'for the client'
  )
  t.notOk(allowed?.headers.some(({ header }) => header.key.startsWith('ratelimit')))
  t.equal(String((await check(http)).denied_response?.status.code), 'TooManyRequests')
})
