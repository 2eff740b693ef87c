import { test } from 'tap'
import { ALICE, scope, TOKEN_ID } from '../support/token-service.ts'
import { envoyClient } from './envoy-client.ts'
import { startForwardAuth } from './start-forward-auth.ts'

const SALES = '/api/groups/demo/dashboards/sales'

test('Authorization/Check answers in the words of Envoy', async (t) => {
  const { grpcPort, tokenService } = await startForwardAuth(t)
  const check = envoyClient(t, grpcPort)
  const authorization = `Bearer ${tokenService.issue()}`

  await t.test('allowed: every identity header, overwriting what the client sent', async (t) => {
    const answer = await check({
      method: 'GET',
      path: `${SALES}?a=1`,
      headers: { authorization, 'x-patgate-role': 'x' }
    })
    t.equal(answer.status.code, 0)
    const { headers = [], headers_to_remove: removed } = answer.ok_response ?? {}
    t.match(Object.fromEntries(headers.map(({ header }) => [header.key, header.value])), {
      'x-patgate-subject': ALICE.id,
      'x-patgate-token': TOKEN_ID,
      'x-patgate-kind': 'human',
      'x-patgate-group': 'demo',
      'x-patgate-role': 'owner',
      'x-patgate-entity': 'sales',
      'x-patgate-operation': 'read'
    })
    t.ok(headers.every(({ append_action: action }) => action === 'OVERWRITE_IF_EXISTS_OR_ADD'))
    t.same(removed, ['authorization'])
  })

  await t.test('denied: our status, headers and body', async (t) => {
    const token = tokenService.issue({ scopes: [scope('dashboard', ['list'])] })
    const answer = await check({ method: 'DELETE', path: SALES, headers: { authorization: `Bearer ${token}` } })
    t.equal(answer.status.code, 7)
    t.equal(answer.denied_response?.status.code, 'Forbidden')
    const headers = Object.fromEntries(
      (answer.denied_response?.headers ?? []).map(({ header }) => [header.key, header.value])
    )
    t.match(headers, { 'content-type': 'application/problem+json', 'www-authenticate': /insufficient_scope/ })
    t.match(JSON.parse(answer.denied_response?.body ?? ''), {
      code: 'insufficient_scope',
      required: { operation: 'delete' }
    })
    t.equal((await check({ method: 'GET', path: SALES })).status.code, 16)
  })

  await t.test('a question about nothing is denied', async (t) => {
    for (const http of [
      { method: '', path: '/public/x' },
      { method: 'GET', path: '' }
    ]) {
      t.equal((await check(http)).denied_response?.status.code, 'BadRequest')
    }
  })

  await t.test('two credentials in two lines are denied, joined or not', async (t) => {
    const lines = [1, 2].map(() => ({ key: 'authorization', raw_value: Buffer.from(authorization) }))
    const raw = await check({ method: 'GET', path: SALES, header_map: { headers: lines } })
    t.equal(raw.denied_response?.status.code, 'BadRequest')
    const joined = await check({
      method: 'GET',
      path: SALES,
      headers: { authorization: `${authorization},${authorization}` }
    })
    t.equal(joined.denied_response?.status.code, 'Unauthorized')
  })

  await t.test("HTTP/2's pseudo headers are no headers, and its host is in its place", async (t) => {
    const headers = { ':method': 'GET', ':path': '/public/x', ':authority': 'app.example.org', authorization }
    t.equal((await check({ method: 'GET', path: SALES, headers, protocol: 'HTTP/2' })).status.code, 0)
    t.not((await check({ method: 'GET', path: SALES, headers, host: 'a/../b' })).status.code, 0)
  })

  await t.test('the address is that of the source, or what a trusted source says', async (t) => {
    const secret = tokenService.issue({ allowed_addresses: ['192.0.2.0/24'] })
    const http = { method: 'GET', path: SALES, headers: { authorization: `Bearer ${secret}` } }
    const claiming = { ...http, headers: { ...http.headers, 'x-forwarded-for': '192.0.2.7' } }
    t.equal((await check(http, '192.0.2.7')).status.code, 0)
    t.not((await check(http, '203.0.113.9')).status.code, 0)
    t.not((await check(claiming, '203.0.113.9')).status.code, 0, 'a client may claim what it likes')
    t.equal((await check(claiming, '127.0.0.1')).status.code, 0)
  })
})

test('nobody but a trusted proxy is answered over gRPC', async (t) => {
  const { grpcPort, tokenService } = await startForwardAuth(t, { config: { trustedProxies: undefined } })
  const answer = await envoyClient(t, grpcPort)({ method: 'GET', path: '/public/x' })
  t.equal(answer.denied_response?.status.code, 'Forbidden')
  t.equal(tokenService.questions.length, 0)
})

test('503 when it cannot be decided, and never a failed call', async (t) => {
  const { grpcPort, tokenService } = await startForwardAuth(t)
  const headers = { authorization: `Bearer ${tokenService.issue()}` }
  tokenService.behave(500)
  const answer = await envoyClient(t, grpcPort)({ method: 'GET', path: SALES, headers })
  t.equal(answer.denied_response?.status.code, 'ServiceUnavailable')
  t.ok(answer.denied_response?.headers.some(({ header }) => header.key === 'retry-after'))
})
