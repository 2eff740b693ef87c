import { test } from 'tap'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'

const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'

test('groups and members over the control API', async (t) => {
  const service = await openService(t)
  const olga = await service.asNewPerson('olga')
  const max = await service.asNewPerson('max')
  const sam = await service.asNewPerson('sam')
  const admin = await service.asAdmin()

  await t.test('the creator of a group owns it', async (t) => {
    const created = await olga.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })
    t.equal(created.status, 201)
    t.match(created.body, { slug: 'crew', name: 'Crew', role: 'owner', created_at: String })
    t.same((await olga.call('GET /v1/groups/crew')).body, created.body)
    t.same((await olga.call('GET /v1/groups')).body, { items: [created.body], next_cursor: null })
  })

  await t.test('a slug is taken once', async (t) => {
    const again = await sam.call('POST /v1/groups', { slug: 'crew', name: 'Mine' })
    t.equal(again.status, 409)
    t.equal(again.body.code, 'conflict')
  })

  const bad: Record<string, object> = {
    'no slug': { name: 'x' },
    'a slug in capitals': { slug: 'Crew', name: 'x' },
    'a slug that begins with a dash': { slug: '-crew', name: 'x' },
    'a slug that is too long': { slug: 'x'.repeat(64), name: 'x' },
    'an empty name': { slug: 'x', name: '' },
    'an unknown field': { slug: 'x', name: 'x', colour: 'red' }
  }
  for (const [name, body] of Object.entries(bad)) {
    await t.test(`${name} is refused`, async (t) => {
      t.equal((await olga.call('POST /v1/groups', body)).status, 400)
    })
  }

  await t.test('to a stranger the group does not exist; an administrator sees it without a role', async (t) => {
    for (const call of ['GET /v1/groups/crew', 'GET /v1/groups/crew/members']) {
      t.equal((await sam.call(call)).status, 404, call)
      t.equal((await admin.call(call)).status, 200, call)
    }
    const put = `PUT /v1/groups/crew/members/${sam.userId}`
    t.equal((await sam.call(put, { role: 'guest' })).status, 404)
    t.equal((await admin.call(put, { role: 'guest' })).status, 403)
    t.equal((await admin.call('GET /v1/groups/crew')).body.role, null)
    t.same((await sam.call('GET /v1/groups')).body.items, [])
    t.equal((await admin.call('GET /v1/groups')).body.items.length, 1)
  })

  await t.test('an owner gives roles and changes them', async (t) => {
    const added = await olga.call(`PUT /v1/groups/crew/members/${max.userId}`, { role: 'maintainer' })
    t.equal(added.status, 200)
    t.match(added.body, { user: { id: max.userId, name: 'max', email: 'max@example.org' }, role: 'maintainer' })
    const changed = await olga.call(`PUT /v1/groups/crew/members/${max.userId}`, { role: 'analyst' })
    t.same(changed.body, { ...added.body, role: 'analyst' })
    await olga.call(`PUT /v1/groups/crew/members/${max.userId}`, { role: 'analyst' })
    const events = (await eventsOf(service.deps)).filter((event) => event.type.startsWith('member.'))
    t.match(events, [
      { type: 'member.added', group: 'crew', target: { id: max.userId }, details: { role: 'maintainer' } },
      { type: 'member.updated', details: { role: 'analyst', previous_role: 'maintainer' } }
    ])
    t.equal(events.length, 2, 'giving the same role again changes nothing')
    t.equal((await max.call('GET /v1/groups/crew')).body.role, 'analyst')
  })

  await t.test('members are listed in pages', async (t) => {
    const first = await max.call('GET /v1/groups/crew/members?limit=1')
    const second = await max.call(`GET /v1/groups/crew/members?limit=1&cursor=${first.body.next_cursor}`)
    const ids = [...first.body.items, ...second.body.items].map((item) => item.user.id)
    t.same(ids.sort(), [olga.userId, max.userId].sort())
    t.equal(second.body.next_cursor, null)
    t.equal((await max.call('GET /v1/groups/crew/members?cursor=x')).status, 400)
  })

  await t.test('a member who is no owner gives nothing', async (t) => {
    const answer = await max.call(`PUT /v1/groups/crew/members/${sam.userId}`, { role: 'guest' })
    t.equal(answer.status, 403)
    t.equal(answer.body.code, 'forbidden')
  })

  await t.test('the last owner stays, also when two demote each other at once', async (t) => {
    const demote = (client: typeof olga, id: string) =>
      client.call(`PUT /v1/groups/crew/members/${id}`, { role: 'guest' })
    t.equal((await demote(olga, olga.userId)).status, 409)
    await olga.call(`PUT /v1/groups/crew/members/${max.userId}`, { role: 'owner' })
    const answers = await Promise.all([demote(olga, max.userId), demote(max, olga.userId)])
    t.same(answers.map(({ status }) => status).sort(), [200, 403])
    const { body } = await admin.call('GET /v1/groups/crew/members')
    t.equal(body.items.filter((item: { role: string }) => item.role === 'owner').length, 1)
  })

  await t.test('unknown users, roles and groups', async (t) => {
    const [owner] = (await admin.call('GET /v1/groups/crew/members')).body.items.filter(
      (item: { role: string }) => item.role === 'owner'
    )
    const client = owner.user.id === olga.userId ? olga : max
    t.equal((await client.call(`PUT /v1/groups/crew/members/${UNKNOWN_ID}`, { role: 'guest' })).status, 404)
    t.equal((await client.call('PUT /v1/groups/crew/members/x', { role: 'guest' })).status, 400)
    t.equal((await client.call(`PUT /v1/groups/crew/members/${sam.userId}`, { role: 'king' })).status, 400)
    t.equal((await client.call(`PUT /v1/groups/crew/members/${sam.userId}`, {})).status, 400)
    t.equal((await client.call('GET /v1/groups/nowhere')).status, 404)
    t.equal((await client.call('GET /v1/groups/No')).status, 400)
  })
})
