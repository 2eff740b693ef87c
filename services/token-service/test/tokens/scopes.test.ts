import { test } from 'tap'
import { resolveSecret } from '../support/resolve.ts'
import { openService } from '../support/service.ts'

const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: 'a', operations: ['read'] }
const ANY_SCOPE = { ...SCOPE, entity_id: '*' }

test('scopes', async (t) => {
  const service = await openService(t)
  const owner = await service.asNewPerson('olga')
  await owner.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })
  const add = (id: string, scopes: object[]) => owner.call(`POST /v1/tokens/${id}/scopes`, { scopes })
  const scopesInForce = async (secret: string) => {
    const answer = await resolveSecret(service, secret)
    return answer.valid ? answer.snapshot.scopes : null
  }

  await t.test('adding answers the new list, in force', async (t) => {
    const { id, secret } = await owner.createToken()
    t.same(await scopesInForce(secret), [])
    const { status, body } = await add(id, [SCOPE])
    t.equal(status, 201)
    t.match(body, { items: [{ ...SCOPE, id: String }] })
    t.same((await owner.call(`GET /v1/tokens/${id}/scopes`)).body, body)
    t.same(await scopesInForce(secret), body.items)
  })

  await t.test('21. adding the same twice changes nothing; * keeps narrower rows; operations merge', async (t) => {
    const { id } = await owner.createToken({ scopes: [SCOPE] })
    const before = await owner.call(`GET /v1/tokens/${id}`)
    const [row] = before.body.scopes
    t.same((await add(id, [SCOPE])).body.items, [row])
    t.equal((await owner.call(`GET /v1/tokens/${id}`)).body.updated_at, before.body.updated_at)
    const { body } = await add(id, [ANY_SCOPE, { ...SCOPE, operations: ['update'] }])
    t.match(body.items, [
      { entity_id: '*', operations: ['read'] },
      { ...row, operations: ['read', 'update'] }
    ])
    t.equal(body.items.length, 2)
  })

  await t.test('removing one and removing all is in force at once', async (t) => {
    const { id, secret, scopes } = await owner.createToken({ scopes: [SCOPE, ANY_SCOPE] })
    const [wide, narrow] = scopes
    t.equal((await owner.call(`DELETE /v1/tokens/${id}/scopes/${wide.id}`)).status, 204)
    t.same(await scopesInForce(secret), [narrow])
    t.equal((await owner.call(`DELETE /v1/tokens/${id}/scopes/${wide.id}`)).status, 404)
    t.equal((await owner.call(`DELETE /v1/tokens/${id}/scopes`)).status, 204)
    t.same(await scopesInForce(secret), [])
    t.equal((await owner.call(`DELETE /v1/tokens/${id}/scopes`)).status, 204, 'nothing is left to remove')
  })

  await t.test("a scope of another's token is not found through one's own", async (t) => {
    const stranger = await service.asNewPerson('sam')
    const { scopes } = await owner.createToken({ scopes: [SCOPE] })
    const { id } = await stranger.createToken()
    t.equal((await stranger.call(`DELETE /v1/tokens/${id}/scopes/${scopes[0].id}`)).status, 404)
  })

  await t.test('a token has 200 rows at most', async (t) => {
    const many = Array.from({ length: 199 }, (_, index) => ({ ...SCOPE, entity_id: `id-${index}` }))
    const { id } = await owner.createToken({ scopes: many })
    t.equal((await add(id, [SCOPE])).status, 201)
    t.equal((await add(id, [ANY_SCOPE])).status, 400)
    t.equal((await add(id, [{ ...SCOPE, operations: ['list'] }])).status, 201, 'merging makes no row')
    t.equal((await owner.call(`GET /v1/tokens/${id}/scopes`)).body.items.length, 200)
  })

  await t.test('narrowing replaces the scopes by a subset, never wider', async (t) => {
    const whole = { ...ANY_SCOPE, operations: ['read', 'list'] }
    const { id, secret, scopes } = await owner.createToken({ scopes: [whole, { ...SCOPE, operations: ['update'] }] })
    const narrow = (wished: object[]) => owner.call(`POST /v1/tokens/${id}/narrow`, { scopes: wished })
    for (const wider of [
      [{ ...ANY_SCOPE, operations: ['read', 'update'] }],
      [{ ...ANY_SCOPE, group: '*' }],
      [{ ...SCOPE, entity_type: 'dataset' }],
      [{ ...SCOPE, entity_id: 'b', operations: ['update'] }]
    ]) {
      t.equal((await narrow(wider)).status, 400, JSON.stringify(wider))
    }
    t.equal((await scopesInForce(secret))?.length, 2, 'what was refused changed nothing')
    const { status, body } = await narrow([ANY_SCOPE, { ...SCOPE, operations: ['read', 'update'] }])
    t.equal(status, 200)
    t.equal(body.id, id)
    t.match(body.scopes, [
      { id: scopes[0].id, entity_id: '*', operations: ['read'] },
      { id: scopes[1].id, entity_id: 'a', operations: ['read', 'update'] }
    ])
    t.same(await scopesInForce(secret), body.scopes)
    t.same((await narrow([])).body.scopes, [])
  })
})
