import { test } from 'tap'
import { makeCrew } from '../support/bots.ts'
import { resolveSecret } from '../support/resolve.ts'
import { openService } from '../support/service.ts'

const scope = (group: string) => ({ group, entity_type: 'dashboard', entity_id: '*', operations: ['read'] })

test("a group's maintainers and the tokens of others that name the group", async (t) => {
  const service = await openService(t)
  const owner = await service.asNewPerson('olga')
  const maintainer = await service.asNewPerson('mia')
  const chief = await service.asNewPerson('gustav')
  await makeCrew(chief, 'crew', { analyst: owner, maintainer })
  await owner.call('POST /v1/groups', { slug: 'private', name: 'Private' })

  const naming = await owner.createToken({ name: 'naming', scopes: [scope('crew'), scope('private')] })
  const everywhere = await owner.createToken({ name: 'everywhere', scopes: [scope('*')] })
  const elsewhere = await owner.createToken({ name: 'elsewhere', scopes: [scope('private')] })
  const rightsIn = async (secret: string) => {
    const answer = await resolveSecret(service, secret)
    if (!answer.valid) return null
    return { groups: answer.snapshot.scopes?.map(({ group }) => group), roles: Object.keys(answer.snapshot.roles) }
  }

  await t.test('they see name, hint, owner and the scopes in their group, and nothing more', async (t) => {
    const { status, body } = await maintainer.call(`GET /v1/tokens/${naming.id}`)
    t.equal(status, 200)
    t.same(body, {
      id: naming.id,
      name: 'naming',
      hint: naming.hint,
      owner: { id: owner.userId, kind: 'human', name: 'olga' },
      scopes: naming.scopes.filter(({ group }: { group: string }) => group === 'crew'),
      blocked_in: []
    })
    t.match((await maintainer.call(`GET /v1/tokens/${naming.id}/scopes`)).body.items, [{ group: 'crew' }])
    t.match((await maintainer.call(`GET /v1/tokens/${everywhere.id}`)).body.scopes, [{ group: 'crew' }])
    t.equal((await maintainer.call(`GET /v1/tokens/${elsewhere.id}`)).status, 404)
  })

  await t.test('their lists show the same', async (t) => {
    const byOwner = await maintainer.call(`GET /v1/tokens?owner=${owner.userId}`)
    t.same(
      byOwner.body.items.map((item: { name: string }) => item.name),
      ['everywhere', 'naming']
    )
    t.equal(byOwner.body.total, 2)
    t.same(Object.keys(byOwner.body.items[1]).sort(), ['blocked_in', 'hint', 'id', 'name', 'owner', 'scopes'])
    const first = await maintainer.call('GET /v1/groups/crew/tokens?limit=1')
    const second = await maintainer.call(`GET /v1/groups/crew/tokens?limit=1&cursor=${first.body.next_cursor}`)
    t.same([...first.body.items, ...second.body.items], byOwner.body.items)
    t.equal(second.body.next_cursor, null)
    t.equal((await owner.call('GET /v1/groups/crew/tokens')).status, 403)
    t.equal((await owner.call(`GET /v1/tokens?owner=${maintainer.userId}`)).status, 404)
  })

  await t.test('they delete nothing of it', async (t) => {
    t.equal((await maintainer.call(`DELETE /v1/tokens?confirm=all&owner=${owner.userId}`)).status, 403)
  })

  await t.test('a block ends the rights in their group, and nowhere else', async (t) => {
    t.same(await rightsIn(naming.secret), { groups: ['crew', 'private'], roles: ['crew', 'private'] })
    const { status, body } = await maintainer.call(`POST /v1/groups/crew/tokens/${naming.id}/block`)
    t.equal(status, 201)
    t.match(body, { id: naming.id, blocked_in: ['crew'] })
    t.same(await rightsIn(naming.secret), { groups: ['private'], roles: ['private'] })
    await maintainer.call(`POST /v1/groups/crew/tokens/${everywhere.id}/block`)
    t.same(await rightsIn(everywhere.secret), { groups: ['*'], roles: ['private'] })
    t.equal((await maintainer.call(`POST /v1/groups/crew/tokens/${naming.id}/block`)).status, 201, 'again')
  })

  await t.test('the owner cannot get around it with other scopes', async (t) => {
    const more = { ...scope('crew'), entity_id: 'x' }
    await owner.call(`POST /v1/tokens/${naming.id}/scopes`, { scopes: [more, scope('*')] })
    t.same(await rightsIn(naming.secret), { groups: ['*', 'private'], roles: ['private'] })
    const rotated = await owner.call(`POST /v1/tokens/${naming.id}/regenerate`, { expires_in: '1d' })
    t.same(await rightsIn(rotated.body.secret), { groups: ['*', 'private'], roles: ['private'] })
    naming.secret = rotated.body.secret
  })

  await t.test('lifting it gives the rights back', async (t) => {
    t.equal((await maintainer.call(`DELETE /v1/groups/crew/tokens/${naming.id}/block`)).status, 204)
    t.same((await rightsIn(naming.secret))?.roles, ['crew', 'private'])
    t.equal((await maintainer.call(`DELETE /v1/groups/crew/tokens/${naming.id}/block`)).status, 404)
  })

  await t.test('a token that does not name the group, and a group of others, are not found', async (t) => {
    t.equal((await maintainer.call(`POST /v1/groups/crew/tokens/${elsewhere.id}/block`)).status, 404)
    t.equal((await maintainer.call(`POST /v1/groups/private/tokens/${naming.id}/block`)).status, 404)
    t.equal((await maintainer.call(`POST /v1/groups/nowhere/tokens/${naming.id}/block`)).status, 404)
    t.equal((await maintainer.call('POST /v1/groups/crew/tokens/x/block')).status, 400)
  })
})
