import { test } from 'tap'
import { CREW, createBot, openCrew } from '../support/crew.ts'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'

const MEMBERS = `/v1/groups/${CREW}/members`

test('members', async (t) => {
  const service = await openService(t)
  const crew = await openCrew(service)
  const { owner, maintainer, guest, analyst, admin, stranger } = crew

  await t.test('everybody may leave, the last owner may not', async (t) => {
    t.equal((await guest.call(`DELETE ${MEMBERS}/${guest.userId}`)).status, 204)
    t.equal((await guest.call(`GET /v1/groups/${CREW}`)).status, 404)
    const last = await owner.call(`DELETE ${MEMBERS}/${owner.userId}`)
    t.equal(last.status, 409)
    t.equal(last.body.code, 'conflict')
  })

  await t.test('removing somebody who is no member is 404', async (t) => {
    for (const id of [guest.userId, stranger.userId, '0198c0de-0000-7000-8000-000000000000']) {
      t.equal((await owner.call(`DELETE ${MEMBERS}/${id}`)).status, 404)
    }
    t.equal((await owner.call(`DELETE ${MEMBERS}/x`)).status, 400)
  })

  await t.test('a removal is told once, and ends the rights of that person', async (t) => {
    const session = await service.internalApp.inject({
      method: 'POST',
      url: '/internal/v1/resolve',
      headers: { 'patgate-internal-key': service.config.internalKeys[0] ?? '' },
      payload: { session: analyst.session }
    })
    t.same(session.json().snapshot.roles, { [CREW]: 'analyst' })
    t.equal((await owner.call(`DELETE ${MEMBERS}/${analyst.userId}`)).status, 204)
    const after = await service.internalApp.inject({
      method: 'POST',
      url: '/internal/v1/resolve',
      headers: { 'patgate-internal-key': service.config.internalKeys[0] ?? '' },
      payload: { session: analyst.session }
    })
    t.same(after.json().snapshot.roles, {})
    const events = (await eventsOf(service.deps)).filter((event) => event.target?.id === analyst.userId)
    t.match(events.at(-1), { type: 'member.removed', group: CREW, details: { previous_role: 'analyst' } })
  })

  await t.test('a bot is no member: not in the list, not to be added, and no owner that counts', async (t) => {
    const bot = await createBot(crew, { role: 'owner' })
    const { body } = await owner.call(`GET ${MEMBERS}?limit=100`)
    t.notOk(body.items.some((item: { user: { id: string } }) => item.user.id === bot.id))
    t.equal((await owner.call(`PUT ${MEMBERS}/${bot.id}`, { role: 'guest' })).status, 404)
    t.equal((await owner.call(`DELETE ${MEMBERS}/${bot.id}`)).status, 404)
    t.equal((await owner.call(`DELETE ${MEMBERS}/${owner.userId}`)).status, 409)
  })

  await t.test('two owners demote each other at once: one is left', async (t) => {
    await owner.call(`PUT ${MEMBERS}/${maintainer.userId}`, { role: 'owner' })
    const answers = await Promise.all([
      owner.call(`DELETE ${MEMBERS}/${maintainer.userId}`),
      maintainer.call(`DELETE ${MEMBERS}/${owner.userId}`)
    ])
    t.equal(answers.filter(({ status }) => status === 204).length, 1)
    const { body } = await admin.call(`GET ${MEMBERS}?limit=100`)
    t.equal(body.items.filter((item: { role: string }) => item.role === 'owner').length, 1)
  })

  await t.test('a group without an able owner gets one from an administrator, and nothing else', async (t) => {
    const { body } = await admin.call(`GET ${MEMBERS}?limit=100`)
    const last = body.items.find((item: { role: string }) => item.role === 'owner')
    const appoint = (role: string) => admin.call(`PUT ${MEMBERS}/${stranger.userId}`, { role })
    t.equal((await appoint('owner')).status, 403, 'not while there is one')
    await admin.call(`PATCH /v1/users/${last.user.id}`, { disabled: true })
    t.equal((await appoint('maintainer')).status, 403)
    t.equal((await appoint('owner')).status, 200)
    t.equal((await appoint('owner')).status, 403, 'the group looks after itself again')
  })
})
