import { test } from 'tap'
import { openService } from '../support/service.ts'

const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'
const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read', 'list'] }

test('tokens over the control API', async (t) => {
  const service = await openService(t)
  const owner = await service.asNewPerson('olga')
  const stranger = await service.asNewPerson('sam')
  const admin = await service.asAdmin()
  await owner.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })

  await t.test('a token is created with its secret, shown once', async (t) => {
    const answer = await owner.call('POST /v1/tokens', {
      name: 'ci',
      description: 'builds',
      scopes: [SCOPE],
      access_level: 'analyst',
      allowed_addresses: ['10.0.0.0/8', '192.0.2.7', '2001:DB8::/32'],
      rate_limit: { requests: 10, per_seconds: 60 },
      self_rotate: true
    })
    t.equal(answer.status, 201)
    t.equal(answer.headers['cache-control'], 'no-store')
    t.match(answer.body, {
      name: 'ci',
      description: 'builds',
      status: 'active',
      secret: /^pat_[0-9A-Za-z]{38}$/,
      owner: { id: owner.userId, kind: 'human', name: 'olga' },
      created_by: owner.userId,
      access_level: 'analyst',
      self_rotate: true,
      rate_limit: { requests: 10, per_seconds: 60 },
      scopes: [{ ...SCOPE, id: String }],
      revoked_at: null,
      last_used_at: null,
      previous_secret: null
    })
    t.same(answer.body.allowed_addresses, ['10.0.0.0/8', '192.0.2.7/32', '2001:db8::/32'])
    const { secret, ...token } = answer.body
    t.equal(token.hint, `${secret.slice(0, 8)}…${secret.slice(-4)}`)
    t.equal(Date.parse(token.expires_at) - Date.parse(token.created_at), 30 * 86_400_000, 'the default lifetime')
    const read = await owner.call(`GET /v1/tokens/${token.id}`)
    t.equal(read.status, 200)
    t.same(read.body, token, 'the same token, without the secret')
  })

  await t.test('rows of the same group, type and id are merged', async (t) => {
    const token = await owner.createToken({
      scopes: [
        { ...SCOPE, operations: ['list'] },
        { ...SCOPE, operations: ['read'] },
        { ...SCOPE, group: '*', entity_id: 'x' }
      ]
    })
    t.match(token.scopes, [
      { group: '*', entity_id: 'x' },
      { group: 'crew', operations: ['read', 'list'] }
    ])
    t.equal(token.scopes.length, 2)
  })

  await t.test('a lifetime may be given in every form', async (t) => {
    const lifetimes: Record<string, number> = {
      '45m': 2700,
      '720h': 2_592_000,
      '1y': 31_536_000,
      '2w': 1_209_600,
      '1s': 1
    }
    for (const [expires_in, seconds] of Object.entries(lifetimes)) {
      const token = await owner.createToken({ expires_in })
      t.equal(Date.parse(token.expires_at) - Date.parse(token.created_at), seconds * 1000, expires_in)
    }
    const token = await owner.createToken({ expires_at: '2999-01-01T01:00:00+01:00' })
    t.equal(token.expires_at, '2999-01-01T00:00:00.000Z')
  })

  const invalid: Record<string, object> = {
    'an unknown field': { expires_att: '1h' },
    'no name': { name: undefined },
    'an empty name': { name: '' },
    'a name of another type': { name: 7 },
    'a name with NUL': { name: 'a\u0000b' },
    'a name with half a character': { name: 'a\ud800b' },
    'a name that is too long': { name: 'x'.repeat(256) },
    'a description of another type': { description: null },
    'no scopes': { scopes: undefined },
    'scopes of another type': { scopes: {} },
    'too many scopes': { scopes: Array.from({ length: 201 }, (_, index) => ({ ...SCOPE, entity_id: String(index) })) },
    'a scope with an unknown field': { scopes: [{ ...SCOPE, extra: 1 }] },
    'a scope without operations': { scopes: [{ ...SCOPE, operations: [] }] },
    'an unknown operation': { scopes: [{ ...SCOPE, operations: ['fly'] }] },
    'an operation the type does not have': { scopes: [{ ...SCOPE, entity_type: 'dataset', operations: ['share'] }] },
    'an operation a channel does not have': { scopes: [{ ...SCOPE, entity_type: 'channel', operations: ['read'] }] },
    'an unknown entity type': { scopes: [{ ...SCOPE, entity_type: 'ship' }] },
    'an entity id with a space': { scopes: [{ ...SCOPE, entity_id: 'a b' }] },
    'an entity id with a star inside': { scopes: [{ ...SCOPE, entity_id: 'a*' }] },
    'an empty entity id': { scopes: [{ ...SCOPE, entity_id: '' }] },
    'an unknown group': { scopes: [{ ...SCOPE, group: 'nowhere' }] },
    'a malformed group': { scopes: [{ ...SCOPE, group: 'No Where' }] },
    'a duration of zero': { expires_in: '0s' },
    'a negative duration': { expires_in: '-1h' },
    'a sum of durations': { expires_in: '1h30m' },
    'a duration beyond the calendar': { expires_in: '999999999y' },
    'an expiry in the past': { expires_at: '2000-01-01T00:00:00Z' },
    'an expiry that is no time': { expires_at: 'tomorrow' },
    'a leap second': { expires_at: '2998-12-31T23:59:60Z' },
    'both expiries': { expires_in: '1h', expires_at: '2999-01-01T00:00:00Z' },
    'an unknown role': { access_level: 'king' },
    'an address that is none': { allowed_addresses: ['localhost'] },
    'a prefix beyond the address': { allowed_addresses: ['10.0.0.0/33'] },
    'bits beyond the prefix': { allowed_addresses: ['10.0.0.1/8'] },
    'a zone in an address': { allowed_addresses: ['fe80::1%eth0/64'] },
    'an empty rate limit': { rate_limit: {} },
    'a rate of zero': { rate_limit: { requests: 0, per_seconds: 1 } },
    'a flag of another type': { self_rotate: 'yes' },
    'an owner that is no id': { owner: 'me' }
  }
  for (const [name, fields] of Object.entries(invalid)) {
    await t.test(`${name} is refused`, async (t) => {
      const answer = await owner.call('POST /v1/tokens', { name: 'x', scopes: [SCOPE], ...fields })
      t.equal(answer.status, 400)
      t.equal(answer.body.code, 'invalid_request')
      t.ok(answer.body.errors.length > 0, 'says which field')
    })
  }

  await t.test('a group of others and a group that does not exist look alike', async (t) => {
    const problems = ['crew', 'nowhere'].map(async (group) => {
      const { status, body } = await stranger.call('POST /v1/tokens', { name: 'x', scopes: [{ ...SCOPE, group }] })
      return { status, ...body, request_id: null }
    })
    const [one, other] = await Promise.all(problems)
    t.same(one, other)
  })

  await t.test('a token without an expiry is against the policy', async (t) => {
    const answer = await owner.call('POST /v1/tokens', { name: 'x', scopes: [], expires_in: 'never' })
    t.equal(answer.status, 403)
    t.equal(answer.body.code, 'policy_violation')
  })

  await t.test('revoking ends a token once; again changes nothing', async (t) => {
    const { id } = await owner.createToken()
    const revoked = await owner.call(`POST /v1/tokens/${id}/revoke`)
    t.equal(revoked.status, 200)
    t.match(revoked.body, {
      status: 'revoked',
      revoked_by: owner.userId,
      revoked_reason: 'owner',
      propagation: { gateways: 0, confirmed: 0, expired: 0, took_ms: Number }
    })
    const again = await owner.call(`POST /v1/tokens/${id}/revoke`, {})
    t.same({ ...again.body, propagation: null }, { ...revoked.body, propagation: null })
    t.equal((await owner.call(`POST /v1/tokens/${id}/revoke`, { reason: 'x' })).status, 400)
  })

  await t.test('only what is revoked can be deleted', async (t) => {
    const { id } = await owner.createToken()
    const active = await owner.call(`DELETE /v1/tokens/${id}`)
    t.equal(active.status, 409)
    t.equal(active.body.code, 'conflict')
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    t.equal((await owner.call(`DELETE /v1/tokens/${id}`)).status, 204)
    t.equal((await owner.call(`GET /v1/tokens/${id}`)).status, 404)
    t.equal((await owner.call(`DELETE /v1/tokens/${id}`)).status, 404)
  })

  await t.test('to everybody else a token does not exist', async (t) => {
    const { id } = await owner.createToken()
    const calls = [`GET /v1/tokens/${id}`, `POST /v1/tokens/${id}/revoke`, `DELETE /v1/tokens/${id}`]
    for (const call of calls) {
      const foreign = await stranger.call(call)
      const unknown = await stranger.call(call.replace(id, UNKNOWN_ID))
      t.equal(foreign.status, 404, call)
      t.same({ ...foreign.body, request_id: null }, { ...unknown.body, request_id: null })
    }
    t.equal((await owner.call(`GET /v1/tokens/${id}`)).body.status, 'active')
  })

  await t.test('an administrator may read, revoke and delete the token of another', async (t) => {
    const { id } = await owner.createToken()
    t.equal((await admin.call(`GET /v1/tokens/${id}`)).status, 200)
    t.match((await admin.call(`POST /v1/tokens/${id}/revoke`)).body, {
      revoked_by: admin.userId,
      revoked_reason: 'admin'
    })
    t.equal((await admin.call(`DELETE /v1/tokens/${id}`)).status, 204)
  })

  await t.test('nobody creates a token for somebody else', async (t) => {
    const answer = await admin.call('POST /v1/tokens', { name: 'x', scopes: [], owner: owner.userId })
    t.equal(answer.status, 404)
  })

  await t.test('a malformed id is invalid, in every call', async (t) => {
    for (const call of ['GET /v1/tokens/x', 'POST /v1/tokens/x/revoke', 'DELETE /v1/tokens/x']) {
      t.equal((await owner.call(call)).status, 400, call)
    }
  })
})
