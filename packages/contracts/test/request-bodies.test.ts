import { CreateGroupBody, CreateTokenBody, CreateUserBody, ListTokensQuery, scopeFromWire } from '@patgate/contracts'
import t from 'tap'
import { compile } from './validator.ts'

const scope = { group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }
const accepts = {
  group: compile(CreateGroupBody),
  token: compile(CreateTokenBody),
  user: compile(CreateUserBody),
  tokenQuery: compile(ListTokensQuery)
}
const withScope = (change: object): boolean => accepts.token({ name: 'x', scopes: [{ ...scope, ...change }] })

t.test('a misspelt expiry is an error, never an eternal token', async (t) => {
  t.notOk(accepts.token({ name: 'x', scopes: [], expires: '30d' }))
  t.notOk(accepts.token({ name: 'x', scopes: [], expiresAt: '2026-01-31T12:00:00Z' }))
  t.notOk(accepts.token({ name: 'x', scopes: [], expires_in: '1h30m' }))
  t.notOk(accepts.token({ name: 'x', scopes: [], expires_in: 'Never' }))
  t.notOk(accepts.token({ name: 'x', scopes: [], expires_at: '31.01.2026' }))
  t.notOk(accepts.token({ name: 'x', scopes: [], expires_at: null }))
})

t.test('a scope is refused when any part of it is not what the contract says', async (t) => {
  t.ok(withScope({}))
  t.ok(withScope({ group: '*', entity_id: 'a:b' }))
  const wrong: object[] = [
    { group: '' },
    { group: 'Demo' },
    { group: '**' },
    { group: '*demo' },
    { entity_type: '*' },
    { entity_type: '' },
    { entity_id: '' },
    { entity_id: 'a b' },
    { entity_id: 'a*' },
    { entity_id: '\ud800' },
    { entity_id: 'x'.repeat(256) },
    { entity_id: 7 },
    { operations: [] },
    { operations: ['write'] },
    { operations: ['read', 'read'] },
    { operations: 'read' },
    { id: '0197f0a0-7c1e-7b1a-9c3d-2f4b5a6c7d8e' }
  ]
  for (const change of wrong) t.notOk(withScope(change), JSON.stringify(change))
})

t.test('a token has at most 200 scopes', async (t) => {
  const scopes = Array.from({ length: 201 }, (_, index) => ({ ...scope, entity_id: String(index) }))
  t.ok(accepts.token({ name: 'x', scopes: scopes.slice(1) }))
  t.notOk(accepts.token({ name: 'x', scopes }))
})

t.test('names, slugs and addresses have limits', async (t) => {
  t.notOk(accepts.token({ name: '', scopes: [] }))
  t.notOk(accepts.token({ name: 'x'.repeat(256), scopes: [] }))
  t.notOk(accepts.token({ scopes: [] }))
  t.notOk(accepts.group({ slug: 'Demo', name: 'x' }))
  t.notOk(accepts.group({ slug: 'x'.repeat(64), name: 'x' }))
  t.notOk(accepts.user({ email: 'no address', name: 'x' }))
  t.notOk(accepts.user({ email: 'a@example.com', name: 'x', password: 'short' }))
})

t.test('lists take a known status and between 1 and 100 rows', async (t) => {
  t.ok(accepts.tokenQuery({}))
  t.ok(accepts.tokenQuery({ limit: 1, owner: '*' }))
  for (const query of [
    { limit: 0 },
    { limit: 101 },
    { limit: 1.5 },
    { status: 'live' },
    { owner: 'me' },
    { cursor: '' }
  ]) {
    t.notOk(accepts.tokenQuery(query), JSON.stringify(query))
  }
})

t.test('a scope of the wire becomes one of the domain', async (t) => {
  t.same(scopeFromWire({ group: 'demo', entity_type: 'dashboard', entity_id: '7', operations: ['read'] }), {
    group: 'demo',
    entityType: 'dashboard',
    entityId: '7',
    operations: ['read']
  })
})
