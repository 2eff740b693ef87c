import { fileURLToPath } from 'node:url'
import { mintToken } from '@patgate/token-format'
import { test } from 'tap'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'

const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: 'q3', operations: ['read', 'delete'] }
const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'
const PATGATE_CONFIG = fileURLToPath(new URL('routes.yaml', import.meta.url))

test('a decision is explained', async (t) => {
  let skewMs = 0
  const service = await openService(t, { now: () => Date.now() + skewMs }, { PATGATE_CONFIG })
  const admin = await service.asAdmin()
  const owner = await service.asNewPerson('olga')
  const guest = await service.asNewPerson('gus')
  const stranger = await service.asNewPerson('sam')
  for (const slug of ['crew', 'harbour']) await owner.call('POST /v1/groups', { slug, name: slug })
  await owner.call(`PUT /v1/groups/crew/members/${guest.userId}`, { role: 'guest' })
  const token = await owner.createToken({ scopes: [SCOPE] })
  const ofGuest = await guest.createToken({ scopes: [SCOPE] })
  const asToken = (secret: string) => ({ authorization: `Bearer ${secret}` })

  await t.test('allowed: by which scope and which role', async (t) => {
    const path = '/api/groups/crew/dashboards/q3'
    const byPath = await owner.call('POST /v1/explain', { token_id: token.id, method: 'GET', path })
    t.equal(byPath.status, 200)
    t.same(byPath.body, {
      allowed: true,
      code: null,
      reason: "The scope crew:dashboard:q3:read covers it, and the owner's role owner allows it",
      required: { group: 'crew', entity_type: 'dashboard', entity_id: 'q3', operation: 'read' },
      matched_scope: token.scopes[0],
      owner_role: 'owner',
      would_need: null
    })
    const question = { group: 'crew', entity_type: 'dashboard', entity_id: 'q3', operation: 'read' }
    const byName = await owner.call('POST /v1/explain', { token_id: token.id, ...question })
    t.same(byName.body, byPath.body, 'both questions are one')
    const bySecret = await owner.call('POST /v1/explain', { token: token.secret, ...question })
    t.same(bySecret.body, byPath.body)
    const byItself = await service.anybody.call('POST /v1/explain', question, asToken(token.secret))
    t.same(byItself.body, byPath.body)
  })

  await t.test('denied: what is missing', async (t) => {
    const ask = (path: string, method = 'GET', token_id = token.id, caller = owner) =>
      caller.call('POST /v1/explain', { token_id, method, path }).then(({ body }) => body)
    t.match(await ask('/api/groups/crew/dashboards/q3', 'PATCH'), {
      allowed: false,
      code: 'insufficient_scope',
      reason: 'No scope of the token covers crew:dashboard:q3:update',
      matched_scope: null,
      owner_role: 'owner',
      would_need: { group: 'crew', entity_type: 'dashboard', entity_id: 'q3', operations: ['update'] }
    })
    t.match(await ask('/api/groups/crew/dashboards/q3', 'DELETE', ofGuest.id, guest), {
      code: 'owner_not_permitted',
      reason: 'A scope covers it, but the owner is only guest in the group crew, and it takes maintainer',
      matched_scope: { id: ofGuest.scopes[0].id },
      owner_role: 'guest',
      would_need: null
    })
    t.match(await ask('/api/groups/crew/dashboards/q4', 'DELETE', ofGuest.id, guest), {
      code: 'insufficient_scope',
      reason: /; besides, the owner is only guest/
    })
    t.match(await ask('/api/groups/nowhere/dashboards/q3'), { code: 'insufficient_scope', owner_role: null })
    t.match(await ask('/api/groups/crew/dashboards'), {
      required: { entity_id: '*', operation: 'list' },
      would_need: { entity_id: '*' }
    })
    t.match(await ask('/api/all'), {
      code: 'insufficient_scope',
      required: { group: null },
      would_need: { group: '*', operations: ['read'] }
    })
  })

  await t.test('a path is read as the gateway reads it', async (t) => {
    const cases: [string, string, object][] = [
      ['GET', '/api/groups/crew/dashboards/%713/?x=1', { allowed: true }],
      ['HEAD', '/api/groups/crew/dashboards/q3', { allowed: true }],
      ['GET', '/api/status', { allowed: true, required: null, reason: /public/ }],
      ['GET', '/api/live', { required: { operation: 'subscribe' } }],
      ['PUT', '/api/live', { code: 'method_not_allowed', required: null }],
      ['GET', '/nothing', { code: 'not_found' }],
      ['GET', '/v1/tokens', { code: 'not_found', reason: /patgate itself/ }],
      ['GET', '/api/groups/Crew/dashboards', { code: 'not_found' }],
      ['GET', '/api/groups/crew/../x', { code: 'invalid_request', reason: /dot segment/ }],
      ['GET', '//api', { code: 'invalid_request' }],
      ['GET', 'http://x/api', { code: 'invalid_request' }]
    ]
    for (const [method, path, expected] of cases) {
      const answer = await owner.call('POST /v1/explain', { token_id: token.id, method, path })
      t.equal(answer.status, 200, path)
      t.match(answer.body, { allowed: false, ...expected }, `${method} ${path}`)
    }
  })

  await t.test('a token that has ended is explained to its owner', async (t) => {
    const question = { method: 'GET', path: '/api/groups/crew/dashboards/q3' }
    const revoked = await owner.createToken({ scopes: [SCOPE] })
    await owner.call(`POST /v1/tokens/${revoked.id}/revoke`)
    const expired = await owner.createToken({ scopes: [SCOPE], expires_in: '1h' })
    const rotated = await owner.createToken({ scopes: [SCOPE] })
    await owner.call(`POST /v1/tokens/${rotated.id}/rotate`)
    const explain = (which: object) =>
      owner.call('POST /v1/explain', { ...which, ...question }).then(({ body }) => body)
    const invalid = { allowed: false, code: 'invalid_token', required: { operation: 'read' }, would_need: null }
    t.match(await explain({ token_id: revoked.id }), { ...invalid, reason: /revoked/ })
    t.match(await explain({ token: rotated.secret }), { ...invalid, reason: /replaced/ })
    t.match(await explain({ token_id: rotated.id }), { allowed: true }, 'its present secret works')
    skewMs = 2 * 3_600_000
    t.match(await explain({ token_id: expired.id }), { ...invalid, reason: /expired/ })
    skewMs = 0
    const itself = await service.anybody.call('POST /v1/explain', question, asToken(revoked.secret))
    t.equal(itself.status, 401, 'itself it cannot ask any more')
  })

  await t.test('a maintainer may ask about their group, and no more', async (t) => {
    const maintainer = await service.asNewPerson('mia')
    await owner.call(`PUT /v1/groups/crew/members/${maintainer.userId}`, { role: 'maintainer' })
    const { id } = await owner.createToken({
      scopes: [{ ...SCOPE, group: '*' }],
      allowed_addresses: ['192.0.2.0/24']
    })
    const ask = (path: string) => maintainer.call('POST /v1/explain', { token_id: id, method: 'GET', path })
    const { body } = await ask('/api/groups/crew/dashboards/q3')
    t.match(body, { allowed: true, matched_scope: { group: 'crew' } })
    t.notMatch(JSON.stringify(body), /\*|192\./, 'what goes beyond the group is not theirs to know')
    t.equal((await ask('/api/groups/harbour/dashboards/q3')).status, 404)
    t.equal((await ask('/api/all')).status, 404)
    t.match(
      (await owner.call('POST /v1/explain', { token_id: id, method: 'GET', path: '/api/groups/crew/dashboards/q3' }))
        .body,
      {
        reason: /from 192\.0\.2\.0\/24 only/
      }
    )
  })

  await t.test('to everybody else the token does not exist', async (t) => {
    const question = { group: 'crew', entity_type: 'dashboard', entity_id: 'q3', operation: 'read' }
    const unknown = await stranger.call('POST /v1/explain', { token_id: UNKNOWN_ID, ...question })
    const answers = await Promise.all([
      stranger.call('POST /v1/explain', { token_id: token.id, ...question }),
      stranger.call('POST /v1/explain', { token: token.secret, ...question }),
      stranger.call('POST /v1/explain', { token: mintToken('pat'), ...question }),
      stranger.call('POST /v1/explain', { token: 'pat', ...question }),
      admin.call('POST /v1/explain', { token_id: token.id, ...question }),
      guest.call('POST /v1/explain', { token_id: token.id, ...question }),
      service.anybody.call('POST /v1/explain', { token_id: token.id, ...question }, asToken(ofGuest.secret)),
      service.anybody.call('POST /v1/explain', { token: token.secret, ...question }, asToken(ofGuest.secret))
    ])
    for (const answer of [unknown, ...answers]) {
      t.equal(answer.status, 404)
      t.same({ ...answer.body, request_id: null }, { ...unknown.body, request_id: null })
    }
  })

  const whole = { token_id: token.id, group: 'crew', entity_type: 'dashboard', entity_id: 'q3', operation: 'read' }
  const invalid: Record<string, object> = {
    nothing: {},
    'no question': { token_id: token.id },
    'a method without a path': { token_id: token.id, method: 'GET' },
    'a path without a method': { token_id: token.id, path: '/x' },
    'both questions': { ...whole, method: 'GET', path: '/x' },
    'half a question': { ...whole, operation: undefined },
    'no group': { ...whole, group: undefined },
    'no entity': { ...whole, entity_id: undefined },
    'no entity type': { ...whole, entity_type: undefined },
    'both tokens': { ...whole, token: token.secret },
    'no token': { ...whole, token_id: undefined },
    'a token id that is none': { ...whole, token_id: 'x' },
    'an unknown entity type': { ...whole, entity_type: 'ship' },
    'an operation the type does not have': { ...whole, entity_type: 'dataset', operation: 'share' },
    'an unknown operation': { ...whole, operation: 'fly' },
    'every group': { ...whole, group: '*' },
    'a lower-case method': { token_id: token.id, method: 'get', path: '/x' },
    'OPTIONS, which the gateway answers': { token_id: token.id, method: 'OPTIONS', path: '/x' },
    'a GraphQL route': { token_id: token.id, method: 'POST', path: '/api/graphql' },
    'an unknown field': { ...whole, extra: 1 }
  }
  for (const [name, body] of Object.entries(invalid)) {
    await t.test(`${name} is refused`, async (t) => {
      const answer = await owner.call('POST /v1/explain', body)
      t.equal(answer.status, 400)
      t.equal(answer.body.code, 'invalid_request')
      t.ok(answer.body.errors.length > 0, 'says which field')
    })
  }

  await t.test('asking does nothing', async (t) => {
    const quiet = await owner.createToken({ scopes: [SCOPE] })
    const rotated = await owner.createToken({ scopes: [SCOPE] })
    await owner.call(`POST /v1/tokens/${rotated.id}/rotate`)
    const before = await eventsOf(service.deps)
    const question = { method: 'GET', path: '/api/groups/crew/dashboards/q3' }
    await owner.call('POST /v1/explain', { token: quiet.secret, ...question })
    await owner.call('POST /v1/explain', { token: rotated.secret, ...question })
    await service.deps.reuseWatch.stop()
    t.equal((await eventsOf(service.deps)).length, before.length, 'no event, and no alarm about a retired secret')
    const used = await service.deps.database
      .selectFrom('secrets')
      .select('token_id')
      .where('token_id', 'in', [quiet.id, rotated.id])
      .where('last_used_at', 'is not', null)
      .execute()
    t.same(used, [], 'and no secret counts as used')
    t.notMatch(service.logs.text(), /pat_[0-9A-Za-z]{38}/)
  })

  await t.test('a token that is bound to networks asks from there only', async (t) => {
    const bound = await owner.createToken({ scopes: [SCOPE], allowed_addresses: ['192.0.2.0/24'] })
    const question = { method: 'GET', path: '/api/groups/crew/dashboards/q3' }
    const answer = await service.anybody.call('POST /v1/explain', question, asToken(bound.secret))
    t.equal(answer.status, 403)
    t.equal(answer.body.code, 'address_not_allowed')
  })
})
