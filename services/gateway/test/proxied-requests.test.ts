import { test } from 'tap'
import { startGateway } from './support/gateway.ts'
import { ALICE, scope, TOKEN_ID } from './support/token-service.ts'

const DASHBOARDS = '/api/groups/demo/dashboards'
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

test('a token reaches what its scopes and its owner allow, and nothing else', async (t) => {
  const { url, tokenService, upstream } = await startGateway(t)
  const call = (path: string, token: string | null, method = 'GET') =>
    fetch(url + path, { method, headers: token === null ? {} : bearer(token) })

  await t.test('allowed: the upstream is told who asks, and for what', async (t) => {
    const answer = await call(`${DASHBOARDS}/sales?a=1`, tokenService.issue())
    t.equal(answer.status, 200)
    t.same(await answer.json(), { ok: true })
    const request = upstream.requests.at(-1)
    t.equal(request?.url, `${DASHBOARDS}/sales?a=1`)
    t.match(request?.headers, {
      'x-patgate-subject': ALICE.id,
      'x-patgate-token': TOKEN_ID,
      'x-patgate-kind': 'human',
      'x-patgate-group': 'demo',
      'x-patgate-role': 'owner',
      'x-patgate-entity': 'sales',
      'x-patgate-operation': 'read'
    })
    t.notMatch(upstream.received(), /pat_/)
  })

  await t.test('403 names the scope that is missing', async (t) => {
    const token = tokenService.issue({ scopes: [scope('dashboard', ['list'])] })
    const before = upstream.requests.length
    const answer = await call(`${DASHBOARDS}/sales`, token, 'DELETE')
    t.equal(answer.status, 403)
    t.equal(
      answer.headers.get('www-authenticate'),
      'Bearer realm="patgate", error="insufficient_scope", scope="demo:dashboard:sales:delete"'
    )
    t.match(await answer.json(), {
      code: 'insufficient_scope',
      required: { group: 'demo', entity_type: 'dashboard', entity_id: 'sales', operation: 'delete' }
    })
    t.equal(upstream.requests.length, before)
  })

  await t.test("403 when the owner's role does not suffice, or is not there", async (t) => {
    for (const roles of [{ demo: 'guest' as const }, {}]) {
      const answer = await call(DASHBOARDS, tokenService.issue({ roles }), 'POST')
      t.equal(answer.status, 403)
      t.match(await answer.json(), { code: 'owner_not_permitted', required: { operation: 'create' } })
    }
  })

  await t.test('401 is one answer for missing, malformed, unknown and revoked', async (t) => {
    const revoked = tokenService.issue()
    tokenService.refuse(revoked, 'revoked')
    const bodies = new Set<string>()
    for (const token of [revoked, 'pat_', 'garbage', 'pat_000000000000000000000000000000000dawQ1']) {
      const answer = await call(DASHBOARDS, token)
      t.equal(answer.status, 401)
      t.equal(answer.headers.get('www-authenticate'), 'Bearer realm="patgate", error="invalid_token"')
      bodies.add(JSON.stringify({ ...((await answer.json()) as object), request_id: '' }))
    }
    t.equal(bodies.size, 1)
    t.equal((await call(DASHBOARDS, null)).headers.get('www-authenticate'), 'Bearer realm="patgate"')
  })

  await t.test('404 without a look-up: no route, no valid slug, no possible entity', async (t) => {
    const token = tokenService.issue()
    const before = tokenService.questions.length
    const paths = ['/nowhere', '/api/groups/NOT/dashboards', `${DASHBOARDS}/a%20b`, '/admin', '/ADMIN/x', '/console/x']
    for (const path of paths) {
      const answer = await call(path, token)
      t.equal(answer.status, 404, path)
      t.match(await answer.json(), { code: 'not_found' })
    }
    t.equal(tokenService.questions.length, before)
  })

  await t.test('405 before any look at the credential', async (t) => {
    const answer = await call(DASHBOARDS, null, 'DELETE')
    t.equal(answer.status, 405)
    t.equal(answer.headers.get('allow'), 'GET, POST, HEAD, OPTIONS')
  })

  await t.test('HEAD follows GET; /x/ has the policy of /x and is forwarded unchanged', async (t) => {
    t.equal((await call(DASHBOARDS, null, 'HEAD')).status, 401)
    t.equal((await call(`${DASHBOARDS}/`, null)).status, 401)
    const token = tokenService.issue()
    t.equal((await call(DASHBOARDS, token, 'HEAD')).status, 200)
    t.equal((await call(`${DASHBOARDS}/`, token)).status, 200)
    t.equal(upstream.requests.at(-1)?.url, `${DASHBOARDS}/`)
  })

  await t.test('a public route ignores credentials, and keeps them from the upstream', async (t) => {
    const answer = await call('/public/x?token=pat_000000000000000000000000000000000dawQ1&b=2', 'pat_nonsense')
    t.equal(answer.status, 200)
    t.equal(upstream.requests.at(-1)?.url, '/public/x?b=2')
    t.match(upstream.requests.at(-1)?.headers, { 'x-patgate-subject': '', 'x-patgate-operation': '' })
  })

  await t.test('OPTIONS is answered by the gateway', async (t) => {
    const before = upstream.requests.length
    const answer = await call(DASHBOARDS, null, 'OPTIONS')
    t.equal(answer.status, 204)
    t.equal(upstream.requests.length, before)
  })
})
