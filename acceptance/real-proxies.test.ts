import { freePort } from '@patgate/local'
import { test } from 'tap'
import { startApplication } from './proxies/application.ts'
import { PROXIES, type ProxyName, startProxy } from './proxies/programs.ts'
import { createApi } from './support/api.ts'
import { sharedPatgate } from './support/shared-patgate.ts'
import { until } from './support/until.ts'

const DASHBOARDS = '/api/groups/demo/dashboards'
const AUDITED_WITHIN_MS = 10_000

test('the real proxies, with the examples of infra/examples', async (t) => {
  const patgate = await sharedPatgate()
  const admin = await patgate.asAdmin()
  const application = await startApplication(t)
  const forwardAuth = new URL(patgate.run.forward_auth_url).host
  const scopes = [{ group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['read', 'list'] as const }]
  const token = await admin.createToken({
    name: 'behind a proxy',
    scopes: scopes.map((s) => ({ ...s, operations: [...s.operations] }))
  })
  const bearer = { authorization: `Bearer ${token.secret}` }

  for (const name of Object.keys(PROXIES) as ProxyName[]) {
    await t.test(name, async (t) => {
      const url = await startProxy(t, name, { patgate: forwardAuth, application: application.address })
      const proxy = createApi(url)
      const arrivals = () => application.received.length

      await t.test('allowed: the application learns who asks, and not by which secret', async (t) => {
        const forged = {
          ...bearer,
          'x-patgate-subject': 'root',
          'X-Patgate-Role': 'owner',
          'Patgate-Assertion': 'forged'
        }
        const answer = await proxy.call(`${DASHBOARDS}/sales?a=1,2`, { headers: forged })
        t.equal(answer.status, 200)
        const request = application.received.at(-1)
        t.equal(request?.url, `${DASHBOARDS}/sales?a=1,2`)
        t.match(request?.headers, {
          'x-patgate-subject': admin.userId,
          'x-patgate-token': token.id,
          'x-patgate-kind': 'human',
          'x-patgate-group': 'demo',
          'x-patgate-role': 'owner',
          'x-patgate-entity': 'sales',
          'x-patgate-operation': 'read'
        })
        t.notMatch(JSON.stringify(request?.headers), /pat_|root|forged/)
      })

      await t.test('the token is kept from the application, wherever it was', async (t) => {
        for (const header of ['xc-token', 'x-api-key']) {
          t.equal((await proxy.call(DASHBOARDS, { headers: { [header]: token.secret } })).status, 200, header)
          t.notMatch(JSON.stringify(application.received.at(-1)?.headers), /pat_/)
        }
      })

      await t.test('on a public route nobody is anybody', async (t) => {
        const forged = { 'x-patgate-subject': 'root', 'x-patgate-role': 'owner', 'x-http-method-override': 'DELETE' }
        t.equal((await proxy.call('/api/status', { headers: forged })).status, 200)
        const { headers } = application.received.at(-1) ?? {}
        t.notOk(headers?.['x-patgate-subject'])
        t.notOk(headers?.['x-patgate-role'])
        t.notOk(headers?.['x-http-method-override'])
      })

      await t.test('401 says how to authenticate', async (t) => {
        const before = arrivals()
        const answer = await proxy.call(DASHBOARDS)
        t.equal(answer.status, 401)
        t.equal(answer.headers.get('www-authenticate'), 'Bearer realm="patgate"')
        t.equal(answer.headers.get('content-type'), 'application/problem+json')
        t.match(answer.body, { code: 'invalid_token', status: 401 })
        t.equal(arrivals(), before)
      })

      await t.test('403 says what is missing', async (t) => {
        const before = arrivals()
        const answer = await proxy.call(`${DASHBOARDS}/sales`, { method: 'DELETE', headers: bearer })
        t.equal(answer.status, 403)
        t.match(answer.headers.get('www-authenticate'), /error="insufficient_scope"/)
        t.match(answer.body, { code: 'insufficient_scope', required: { entity_id: 'sales', operation: 'delete' } })
        t.equal(arrivals(), before)
      })

      await t.test('404, 405 and 400 reach the client as they are', async (t) => {
        t.match((await proxy.call('/nowhere', { headers: bearer })).body, { status: 404, code: 'not_found' })
        const noMethod = await proxy.call(DASHBOARDS, { method: 'DELETE', headers: bearer })
        t.match(noMethod.body, { status: 405, code: 'method_not_allowed' })
        t.match(noMethod.headers.get('allow'), /GET/)
        const two = await proxy.call(DASHBOARDS, { headers: { ...bearer, 'xc-token': 'pat_other' } })
        t.equal(two.status, 400)
        t.match(two.body, { code: 'ambiguous_credentials' })
      })

      await t.test('a path with two meanings reaches nobody', async (t) => {
        const before = arrivals()
        for (const path of ['/api/status%2f..%2fgroups', '/api/status;x', '/api/%252e%252e/status']) {
          t.equal((await proxy.call(path, { headers: bearer })).status, 400, path)
        }
        t.equal(arrivals(), before)
      })

      await t.test('a POST arrives with its body, once its token may', async (t) => {
        const answer = await proxy.call(DASHBOARDS, { headers: bearer, body: { title: 'new' } })
        t.equal(answer.status, 403)
        const writer = await admin.createToken({
          scopes: [{ group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['create'] }]
        })
        t.equal((await proxy.call(DASHBOARDS, { token: writer.secret, body: { title: 'new' } })).status, 200)
        t.match(application.received.at(-1), { method: 'POST', headers: { 'x-patgate-operation': 'create' } })
      })

      await t.test('nobody answers for patgate: denied', async (t) => {
        const before = arrivals()
        const patgateThatIsDown = `127.0.0.1:${await freePort()}`
        const alone = createApi(
          await startProxy(t, name, { patgate: patgateThatIsDown, application: application.address })
        )
        const answer = await alone.call(DASHBOARDS, { headers: bearer })
        t.equal(answer.status, 503)
        t.equal(answer.headers.get('retry-after'), '1')
        t.match(answer.body, { code: 'unavailable' })
        t.equal((await alone.call('/api/status')).status, 503)
        t.equal(arrivals(), before)
      })
    })
  }

  await t.test('the audit log knows the original method and path, and the address of the client', async (t) => {
    const denied = await until('the denials are in the log', AUDITED_WITHIN_MS, async () => {
      const events = await admin.events(`token=${token.id}&type=access.denied&limit=100`)
      return events.filter(({ operation }) => operation === 'delete').length >= 3 ? events : null
    })
    t.match(
      denied.find(({ operation }) => operation === 'delete'),
      { request: { method: 'DELETE', path: `${DASHBOARDS}/sales`, status: 403 }, actor: { address: '127.0.0.1' } }
    )
  })
})
