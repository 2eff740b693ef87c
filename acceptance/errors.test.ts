import type { Problem } from '@patgate/contracts'
import { test } from 'tap'
import { type Call, createApi } from './support/api.ts'
import { sharedPatgate } from './support/shared-patgate.ts'

const DASHBOARDS = '/api/groups/demo/dashboards'
const UNKNOWN_TOKEN = 'pat_000000000000000000000000000000000dawQ1'
const YEAR_2000 = '2000-01-01T00:00:00Z'
const SCOPE = { group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['list'] }

interface ErrorCase {
  readonly name: string
  readonly path: string
  readonly call?: Call
  readonly status: number
  readonly code: string
}

test('each error of the contract, as a client meets it', async (t) => {
  const patgate = await sharedPatgate()
  const gateway = createApi(patgate.run.gateway_url)
  const admin = await patgate.asAdmin()
  const demoToken = patgate.run.demo.token
  const newToken = (fields: object): Call => ({ token: admin.session, body: { name: 'x', scopes: [SCOPE], ...fields } })
  const invalid = { status: 400, code: 'invalid_request' }
  const unauthorised = { status: 401, code: 'invalid_token' }

  const cases: ErrorCase[] = [
    { name: 'an unknown field', path: '/v1/tokens', call: newToken({ expires_att: '1h' }), ...invalid },
    {
      name: 'an unknown operation',
      path: '/v1/tokens',
      call: newToken({ scopes: [{ ...SCOPE, operations: ['fly'] }] }),
      ...invalid
    },
    {
      name: 'an unknown entity type',
      path: '/v1/tokens',
      call: newToken({ scopes: [{ ...SCOPE, entity_type: 'ship' }] }),
      ...invalid
    },
    {
      name: 'an unknown group',
      path: '/v1/tokens',
      call: newToken({ scopes: [{ ...SCOPE, group: 'nowhere' }] }),
      ...invalid
    },
    { name: 'an expiry in the past', path: '/v1/tokens', call: newToken({ expires_at: YEAR_2000 }), ...invalid },
    { name: 'a duration of zero', path: '/v1/tokens', call: newToken({ expires_in: '0s' }), ...invalid },
    { name: 'a sum of durations', path: '/v1/tokens', call: newToken({ expires_in: '1h30m' }), ...invalid },
    {
      name: 'a body that is not JSON',
      path: '/v1/tokens',
      call: { token: admin.session, method: 'POST', body: '{' },
      ...invalid
    },
    { name: 'an unknown query parameter', path: '/v1/tokens?stats=all', call: { token: admin.session }, ...invalid },
    { name: 'a broken cursor', path: '/v1/audit/events?cursor=nonsense', call: { token: admin.session }, ...invalid },
    {
      name: 'a lifetime that policy refuses',
      path: '/v1/tokens',
      call: newToken({ expires_in: 'never' }),
      status: 403,
      code: 'policy_violation'
    },
    { name: 'no credential', path: DASHBOARDS, ...unauthorised },
    { name: 'a malformed token', path: DASHBOARDS, call: { token: 'pat_' }, ...unauthorised },
    { name: 'an unknown token', path: DASHBOARDS, call: { token: UNKNOWN_TOKEN }, ...unauthorised },
    { name: 'a wrong checksum', path: DASHBOARDS, call: { token: `${UNKNOWN_TOKEN.slice(0, -1)}2` }, ...unauthorised },
    { name: 'no session', path: '/v1/tokens', ...unauthorised },
    {
      name: 'a wrong password',
      path: '/v1/sessions',
      call: { body: { email: patgate.run.admin.email, password: 'wrong' } },
      status: 401,
      code: 'invalid_credentials'
    },
    {
      name: 'two different credentials',
      path: DASHBOARDS,
      call: { token: demoToken, headers: { 'xc-token': UNKNOWN_TOKEN } },
      status: 400,
      code: 'ambiguous_credentials'
    },
    {
      name: 'a token where a session is needed',
      path: '/v1/tokens',
      call: { token: demoToken },
      status: 403,
      code: 'session_required'
    },
    {
      name: 'a token on the audit log',
      path: '/v1/audit/events',
      call: { token: demoToken },
      status: 403,
      code: 'session_required'
    },
    {
      name: 'an unknown token id',
      path: '/v1/tokens/0198c0de-0000-7000-8000-000000000000',
      call: { token: admin.session },
      status: 404,
      code: 'not_found'
    },
    { name: 'a path without a route', path: '/nowhere', call: { token: demoToken }, status: 404, code: 'not_found' },
    {
      name: 'a method without an operation',
      path: DASHBOARDS,
      call: { method: 'DELETE' },
      status: 405,
      code: 'method_not_allowed'
    },
    {
      name: 'a group that exists already',
      path: '/v1/groups',
      call: { token: admin.session, body: { slug: 'demo', name: 'again' } },
      status: 409,
      code: 'conflict'
    },
    {
      name: 'an unsupported media type',
      path: '/v1/tokens',
      call: { token: admin.session, method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } },
      status: 415,
      code: 'unsupported_media_type'
    },
    {
      name: 'a body beyond the limit',
      path: '/v1/tokens',
      call: newToken({ description: 'x'.repeat(2 * 1024 * 1024) }),
      status: 413,
      code: 'too_large'
    },
    {
      name: 'a token of one megabyte',
      path: DASHBOARDS,
      call: { token: `pat_${'a'.repeat(1024 * 1024)}` },
      status: 431,
      code: 'too_large'
    }
  ]

  for (const { name, path, call, status, code } of cases) {
    await t.test(`${name}: ${status} ${code}`, async (t) => {
      const answer = await gateway.call<Problem>(path, call)
      t.equal(answer.status, status)
      t.equal(answer.headers.get('content-type'), 'application/problem+json')
      t.match(answer.body, { code, status, title: String, request_id: String })
    })
  }

  await t.test('every invalid credential gets the same body', async (t) => {
    const bodies = new Set<string>()
    for (const token of [UNKNOWN_TOKEN, 'pat_', 'garbage', `${UNKNOWN_TOKEN.slice(0, -1)}2`]) {
      const { body } = await gateway.call<Problem>(DASHBOARDS, { token })
      bodies.add(JSON.stringify({ ...body, request_id: null }))
    }
    t.equal(bodies.size, 1)
  })

  await t.test('deleting an active token is a conflict; a revoked one is gone for good', async (t) => {
    const token = await admin.createToken({})
    t.equal((await admin.call(`/v1/tokens/${token.id}`, { method: 'DELETE' })).status, 409)
    await admin.call(`/v1/tokens/${token.id}/revoke`, { method: 'POST' })
    t.equal((await admin.call(`/v1/tokens/${token.id}`, { method: 'DELETE' })).status, 204)
    t.equal((await admin.call(`/v1/tokens/${token.id}`)).status, 404)
  })

  await t.test('a public route needs no credential and hides the one that was sent', async (t) => {
    const answer = await gateway.call('/api/status', { token: demoToken })
    t.equal(answer.status, 200)
    t.notMatch(JSON.stringify(answer.body), demoToken)
  })
})
