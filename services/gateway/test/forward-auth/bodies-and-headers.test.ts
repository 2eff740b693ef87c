import { test } from 'tap'
import { TABLE_ROUTES } from '../decision-table.ts'
import { scope } from '../support/token-service.ts'
import { envoyClient } from './envoy-client.ts'
import { callBytes } from './raw-calls.ts'
import { ask, bearer, startForwardAuth } from './start-forward-auth.ts'

const JSON_TYPE = ['Content-Type', 'application/json']
const QUERY = JSON.stringify({ query: '{ a }' })
const MUTATION = JSON.stringify({ query: 'mutation { a }' })

test('a GraphQL document is decided on where the proxy hands it over, and denied where it does not', async (t) => {
  const { authPort, grpcPort, tokenService } = await startForwardAuth(t, { routes: TABLE_ROUTES })
  const secret = tokenService.issue({ scopes: [scope('dashboard', ['read'])] })
  const post = (adapter: 'traefik' | 'apisix' | 'envoy', body: string, headers: readonly string[] = []) =>
    ask(
      authPort,
      callBytes(adapter, {
        method: 'POST',
        target: '/graphql',
        headers: [...bearer(secret), ...JSON_TYPE, ...headers],
        body
      })
    )

  for (const adapter of ['traefik', 'apisix', 'envoy'] as const) {
    t.equal((await post(adapter, QUERY)).status, 200, adapter)
    t.equal((await post(adapter, MUTATION)).status, 403, adapter)
    t.equal((await post(adapter, '{"query":')).status, 400, adapter)
    const without = await post(adapter, '')
    t.equal(without.status, 403)
    t.match(JSON.parse(without.body), { code: 'forbidden', detail: /body required/ })
    t.equal((await post(adapter, `{"query":"{ a }","variables":{"b":"${'x'.repeat(1024 * 1024)}"}}`)).status, 413)
  }
  t.equal((await post('envoy', QUERY, ['x-envoy-auth-partial-body', 'true'])).status, 403)

  const check = envoyClient(t, grpcPort)
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  const http = { method: 'POST', path: '/graphql', headers }
  t.equal((await check({ ...http, body: QUERY })).status.code, 0)
  t.equal((await check({ ...http, raw_body: Buffer.from(QUERY) })).status.code, 0)
  t.not((await check({ ...http, body: MUTATION })).status.code, 0)
  t.not((await check(http)).status.code, 0)
  const partial = { ...headers, 'x-envoy-auth-partial-body': 'true' }
  t.not((await check({ ...http, headers: partial, body: QUERY })).status.code, 0)
})

test('Envoy is told which headers to take out before the application gets them', async (t) => {
  const { authPort, grpcPort, tokenService } = await startForwardAuth(t)
  const secret = tokenService.issue()
  const session = tokenService.openSession()
  const sent = {
    authorization: `Bearer ${secret}`,
    'x-note': `mine is ${secret}`,
    'x-http-method-override': 'DELETE',
    'patgate-assertion': 'forged',
    'x-patgate-more': 'forged',
    cookie: `a=b; patgate_session=${session}`,
    accept: '*/*'
  }
  const removed = ['authorization', 'x-note', 'x-http-method-override', 'x-patgate-more']

  const http = await ask(
    authPort,
    callBytes('envoy', { method: 'GET', target: '/admin/x', headers: Object.entries(sent).flat() })
  )
  t.equal(http.status, 200)
  t.same(http.headers['x-envoy-auth-headers-to-remove']?.split(','), removed)
  t.equal(http.headers.cookie, 'a=b')

  const { ok_response: ok } = await envoyClient(t, grpcPort)({ method: 'GET', path: '/admin/x', headers: sent })
  t.same(ok?.headers_to_remove.toSorted(), removed.toSorted())
  t.match(ok?.headers.find(({ header }) => header.key === 'cookie')?.header.value, /^a=b$/)

  const open = await ask(authPort, callBytes('envoy', { method: 'GET', target: '/public/x' }))
  t.notOk('x-envoy-auth-headers-to-remove' in open.headers)
})
