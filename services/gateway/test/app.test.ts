import { ConfigurationError, createOperationsApp } from '@patgate/service-kit'
import { recordingUpstream, until } from '@patgate/test-kit'
import { test } from 'tap'
import { readConfig } from '../src/config.ts'
import { startGateway } from './support/gateway.ts'
import { INTERNAL_KEY } from './support/token-service.ts'

test('every route declares a policy', async (t) => {
  const { declaredPolicies } = await startGateway(t)
  t.same(
    new Set(declaredPolicies.map(({ url, policy }) => `${url} ${policy}`)),
    new Set([
      '/v1/openapi.json front_door',
      '/v1/audit/* front_door',
      '/v1/webhooks front_door',
      '/v1/webhooks/* front_door',
      '/.well-known/patgate-audit-key front_door',
      '/v1/* front_door',
      '/.well-known/jwks.json front_door',
      '/m/* channel',
      '/hc/:group member',
      '/* decision'
    ])
  )
})

test('the front door passes the control API on to the service that owns it', async (t) => {
  const tokens = await recordingUpstream(t)
  const audit = await recordingUpstream(t)
  const { url } = await startGateway(t, { config: { tokenServiceUrl: tokens.url, auditServiceUrl: audit.url } })
  const headers = {
    authorization: 'Bearer kept',
    'patgate-internal-key': 'forged',
    'patgate-client-address': '1.2.3.4',
    'content-type': 'application/json'
  }
  for (const path of ['/v1/tokens?status=all', '/v1/sessions', '/.well-known/jwks.json']) {
    await fetch(url + path, { method: path === '/v1/sessions' ? 'POST' : 'GET', headers })
    t.equal(tokens.requests.at(-1)?.url, path)
  }
  for (const path of ['/v1/audit/events?limit=5', '/v1/webhooks', '/v1/webhooks/1', '/.well-known/patgate-audit-key']) {
    await fetch(url + path, { headers })
    t.equal(audit.requests.at(-1)?.url, path)
  }
  t.match(tokens.requests[0]?.headers, {
    authorization: 'Bearer kept',
    'patgate-internal-key': INTERNAL_KEY,
    'patgate-client-address': '127.0.0.1'
  })
  t.notMatch(tokens.received(), /forged|1\.2\.3\.4/)
  t.equal((await fetch(`${url}/.well-known/other`)).status, 404)
  t.equal((await fetch(`${url}/v1`)).status, 404)

  const before = tokens.requests.length
  const large = { method: 'POST', headers, body: 'x'.repeat(2 * 1024 * 1024) }
  t.equal((await fetch(`${url}/v1/tokens`, large)).status, 413, 'more than a service accepts is not carried to it')
  t.equal(tokens.requests.length, before)
})

test('the API is described as one document, out of what each service says of its own calls', async (t) => {
  const describing = (part: object) => recordingUpstream(t, (_request, response) => response.end(JSON.stringify(part)))
  const tokens = await describing({
    openapi: '3.1.0',
    info: { title: 'tokens' },
    paths: { '/v1/tokens': { get: {} }, '/v1/openapi.json': { get: { summary: 'the whole' } } },
    components: { schemas: { Token: {} }, responses: { 400: {} } }
  })
  const audit = await describing({
    openapi: '3.1.0',
    info: { title: 'audit' },
    paths: { '/v1/audit/events': { get: {} }, '/v1/openapi.json': { get: { summary: 'a part' } } },
    components: { schemas: { AuditEvent: {} } }
  })
  const { url } = await startGateway(t, { config: { tokenServiceUrl: tokens.url, auditServiceUrl: audit.url } })
  const answer = await fetch(`${url}/v1/openapi.json`)
  t.equal(answer.headers.get('content-type'), 'application/json')
  t.match(await answer.json(), {
    info: { title: 'tokens' },
    paths: { '/v1/tokens': {}, '/v1/audit/events': {}, '/v1/openapi.json': { get: { summary: 'the whole' } } },
    components: { schemas: { Token: {}, AuditEvent: {} }, responses: { 400: {} } }
  })
  const silent = await recordingUpstream(t)
  const half = await startGateway(t, { config: { tokenServiceUrl: tokens.url, auditServiceUrl: silent.url } })
  t.equal((await fetch(`${half.url}/v1/openapi.json`)).status, 503, 'half a description would look like a whole one')
})

test('metrics count decisions and look-ups', async (t) => {
  const { url, deps, tokenService } = await startGateway(t)
  await fetch(`${url}/admin/x`)
  await fetch(`${url}/admin/x`, { headers: { authorization: `Bearer ${tokenService.issue()}` } })
  const operations = await createOperationsApp({}, deps.metrics.process)
  t.teardown(() => operations.close())
  const { body } = await operations.inject('/metrics')
  t.match(body, 'patgate_decisions_total{outcome="denied",code="invalid_token"} 1')
  t.match(body, 'patgate_decisions_total{outcome="allowed",code="ok"} 1')
  t.match(body, 'patgate_l1_lookups_total{result="miss"} 1')
})

test('the lease lapses when the token service answers no more, and comes back with it', async (t) => {
  const { deps, tokenService } = await startGateway(t)
  t.ok(deps.holder.lease.isLive())
  t.ok(deps.holder.isClockRight())
  tokenService.behave(500)
  await until(() => !deps.holder.lease.isLive(), { timeoutMs: 10_000 })
  tokenService.behave('ok')
  await until(() => deps.holder.lease.isLive())
})

test('a configuration that is not usable is told whole', async (t) => {
  t.throws(
    () => readConfig({ TRUSTED_PROXIES: '*', FORWARDED_FROM: '*', TOKEN_PREFIX: '!', PATGATE_CONFIG: '/nowhere.yaml' }),
    ConfigurationError
  )
  try {
    readConfig({ TRUSTED_PROXIES: '*', PATGATE_CONFIG: '/nowhere.yaml' })
  } catch (error) {
    for (const name of ['TRUSTED_PROXIES', 'INTERNAL_KEY', 'NATS_URL', 'TOKEN_SERVICE_URL', '/nowhere.yaml']) {
      t.match((error as Error).message, name)
    }
  }
})
