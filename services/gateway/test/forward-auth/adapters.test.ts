import { rawRequest } from '@patgate/test-kit'
import { test } from 'tap'
import { ALICE, scope, TOKEN_ID } from '../support/token-service.ts'
import { ADAPTERS, callBytes } from './raw-calls.ts'
import { ask, bearer, startForwardAuth } from './start-forward-auth.ts'

const SALES = '/api/groups/demo/dashboards/sales'
const IDENTITY = {
  'x-patgate-subject': ALICE.id,
  'x-patgate-token': TOKEN_ID,
  'x-patgate-kind': 'human',
  'x-patgate-group': 'demo',
  'x-patgate-role': 'owner',
  'x-patgate-entity': 'sales',
  'x-patgate-operation': 'read'
}

test('the conformance table of integrations.md, byte for byte', async (t) => {
  const { authPort: port, port: mainPort, tokenService } = await startForwardAuth(t)
  const headers = bearer(tokenService.issue())
  const deniedHeaders = bearer(tokenService.issue({ scopes: [scope('dashboard', ['list'])] }))
  const call = { method: 'GET', target: SALES }

  for (const adapter of ADAPTERS) {
    await t.test(`${adapter}: allowed is 200 with every identity header and no caching`, async (t) => {
      for (const listener of [port, mainPort]) {
        const answer = await ask(listener, callBytes(adapter, { ...call, headers }))
        t.equal(answer.status, 200)
        t.match(answer.headers, { ...IDENTITY, 'cache-control': 'no-store', 'content-length': '0' })
      }
    })

    await t.test(`${adapter}: on a public route every identity header is there, and empty`, async (t) => {
      const answer = await ask(port, callBytes(adapter, { method: 'DELETE', target: '/public/x' }))
      t.equal(answer.status, 200)
      for (const name of Object.keys(IDENTITY)) t.equal(answer.headers[name], '', name)
    })

    await t.test(`${adapter}: an identity that the client claims is not answered`, async (t) => {
      const forged = [...headers, 'X-Patgate-Subject', 'root', 'x-patgate-role', 'owner']
      t.match((await ask(port, callBytes(adapter, { ...call, headers: forged }))).headers, IDENTITY)
      const open = await ask(port, callBytes(adapter, { method: 'GET', target: '/public/x', headers: forged }))
      t.equal(open.headers['x-patgate-subject'], '')
    })

    await t.test(`${adapter}: denied explains itself in the way that reaches the client`, async (t) => {
      const answer = await ask(port, callBytes(adapter, { ...call, headers: deniedHeaders }))
      t.equal(answer.status, 403)
      const problem = adapter === 'nginx' ? (answer.headers['patgate-problem'] ?? '') : answer.body
      t.match(JSON.parse(problem), { code: 'insufficient_scope', required: { entity_id: 'sales', operation: 'read' } })
      t.match(answer.headers['www-authenticate'], /error="insufficient_scope"/)
      t.match(answer.headers['cache-control'], /no-store/)
      if (adapter === 'nginx') t.equal(answer.body, '')
      else t.equal(answer.headers['content-type'], 'application/problem+json')
    })

    await t.test(`${adapter}: 401 says how to authenticate`, async (t) => {
      const answer = await ask(port, callBytes(adapter, call))
      t.equal(answer.status, 401)
      t.equal(answer.headers['www-authenticate'], 'Bearer realm="patgate"')
    })

    await t.test(`${adapter}: the proxy's connection stays open after every kind of denial`, async (t) => {
      const refused = callBytes(adapter, { method: 'GET', target: '/public/../admin/x' })
      const badName = callBytes(adapter, { ...call, headers: ['X_User', 'root'] })
      const withBody = callBytes(adapter, { ...call, body: 'a body that nobody reads' })
      const unauthorised = callBytes(adapter, { ...call, method: 'POST', body: 'nor this' })
      const last = callBytes(adapter, { ...call, headers: [...headers, 'Connection', 'close'] })
      const bytes = Buffer.concat([refused, badName, withBody, unauthorised, last])
      const answer = await rawRequest({ port, bytes, until: 'close' })
      const statuses = adapter === 'nginx' ? ['403', '403', '403', '403', '200'] : ['400', '400', '400', '405', '200']
      t.same(
        [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status),
        statuses
      )
    })
  }
})
