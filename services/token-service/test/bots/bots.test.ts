import { test } from 'tap'
import { endLeftoverTokens } from '../../src/users/end-tokens.ts'
import { CREW, createBot, openCrew } from '../support/crew.ts'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'
import { plantTokens } from '../support/tokens.ts'

const BOTS = `/v1/groups/${CREW}/bots`

test('bots over the control API', async (t) => {
  const service = await openService(t)
  const crew = await openCrew(service)
  const { owner, maintainer } = crew

  await t.test('a maintainer makes, lists, changes and deletes them', async (t) => {
    const created = await maintainer.call(`POST ${BOTS}`, { name: 'deploy', role: 'analyst' })
    t.equal(created.status, 201)
    const { id } = created.body
    t.match(created.body, { name: 'deploy', role: 'analyst', active_tokens: 0, created_by: maintainer.userId })
    await plantTokens(service.deps.database, id, 2)
    t.same((await owner.call(`GET ${BOTS}`)).body, {
      items: [{ ...created.body, active_tokens: 2 }],
      next_cursor: null
    })
    const patched = await maintainer.call(`PATCH ${BOTS}/${id}`, { name: 'release', role: 'guest' })
    t.same(patched.body, { ...created.body, name: 'release', role: 'guest', active_tokens: 2 })
    t.equal((await maintainer.call(`DELETE ${BOTS}/${id}`)).status, 204)
    t.equal((await maintainer.call(`DELETE ${BOTS}/${id}`)).status, 404)
    t.same((await owner.call(`GET ${BOTS}`)).body.items, [])
    const types = (await eventsOf(service.deps)).filter(({ target }) => target?.id === id).map(({ type }) => type)
    t.same(types, ['bot.created', 'bot.updated', 'bot.deleted'])
  })

  const bad: Record<string, object> = {
    'no name': { role: 'guest' },
    'an empty name': { name: '', role: 'guest' },
    'a name that is too long': { name: 'x'.repeat(256), role: 'guest' },
    'no role': { name: 'x' },
    'an unknown role': { name: 'x', role: 'king' },
    'an email of its own': { name: 'x', role: 'guest', email: 'x@example.org' }
  }
  for (const [name, body] of Object.entries(bad)) {
    await t.test(`${name} is refused`, async (t) => {
      t.equal((await owner.call(`POST ${BOTS}`, body)).status, 400)
    })
  }

  await t.test('nobody gives a bot more than their own role', async (t) => {
    t.equal((await maintainer.call(`POST ${BOTS}`, { name: 'x', role: 'owner' })).status, 403)
    const bot = await createBot(crew)
    t.equal((await maintainer.call(`PATCH ${BOTS}/${bot.id}`, { role: 'owner' })).status, 403)
    t.equal((await owner.call(`PATCH ${BOTS}/${bot.id}`, { role: 'owner' })).status, 200)
  })

  await t.test('bots are listed in pages', async (t) => {
    await createBot(crew)
    await createBot(crew)
    const first = await owner.call(`GET ${BOTS}?limit=2`)
    const second = await owner.call(`GET ${BOTS}?limit=2&cursor=${first.body.next_cursor}`)
    t.same([first.body.items.length, second.body.items.length, second.body.next_cursor], [2, 1, null])
    t.equal((await owner.call(`GET ${BOTS}?cursor=x`)).status, 400)
  })

  await t.test("a bot of another group is not there, and a person's id is no bot", async (t) => {
    await owner.call('POST /v1/groups', { slug: 'other', name: 'Other' })
    const bot = await createBot(crew)
    for (const call of [`PATCH /v1/groups/other/bots/${bot.id}`, `PATCH ${BOTS}/${owner.userId}`]) {
      t.equal((await owner.call(call, { name: 'x' })).status, 404, call)
    }
  })

  await t.test(
    'defect 14: every action on a bot is authorised on the server, not only the page before it',
    async (t) => {
      const bot = await createBot(crew)
      const outsiders = ['nobody', 'stranger', 'guest', 'analyst'] as const
      for (const who of outsiders) {
        for (const call of [`PATCH ${BOTS}/${bot.id}`, `DELETE ${BOTS}/${bot.id}`]) {
          const body = call.startsWith('PATCH') ? { name: 'mine' } : undefined
          t.ok([401, 403, 404].includes((await crew[who].call(call, body)).status), `${who}: ${call}`)
        }
      }
      t.equal((await owner.call(`DELETE ${BOTS}/${bot.id}`)).status, 204, 'it was still there')
    }
  )

  await t.test('defect 17: the email of a bot is an address that no mail can reach', async (t) => {
    t.match((await createBot(crew)).email, /^bot-[0-9a-f]{12}@crew\.bots\.invalid$/)
  })

  await t.test('section 2, line 18: bots do not sign in; deleting one kills its tokens, however many', async (t) => {
    const bot = await createBot(crew)
    const attempt = await service.anybody.call('POST /v1/sessions', { email: bot.email, password: 'x' })
    t.equal(attempt.status, 401)
    await plantTokens(service.deps.database, bot.id, 1001)
    const before = (await eventsOf(service.deps)).length
    t.equal((await owner.call(`DELETE ${BOTS}/${bot.id}`)).status, 204)
    const tokens = await service.deps.database
      .selectFrom('tokens')
      .select(['revoked_reason', 'revoked_by'])
      .where('owner_id', '=', bot.id)
      .execute()
    t.equal(tokens.length, 1001)
    t.ok(tokens.every((token) => token.revoked_reason === 'bot_deleted' && token.revoked_by === owner.userId))
    const told = (await eventsOf(service.deps)).slice(before)
    t.equal(told.filter(({ type }) => type === 'token.revoked').length, 1001, 'each of them is an event')
    t.ok(told.every(({ group }) => group === CREW))
  })

  await t.test('what a process that died has left is finished by the sweep', async (t) => {
    const bot = await createBot(crew)
    await owner.call(`DELETE ${BOTS}/${bot.id}`)
    await plantTokens(service.deps.database, bot.id, 2)
    t.equal(await endLeftoverTokens(service.deps), 1)
    t.equal(await endLeftoverTokens(service.deps), 0)
  })

  await t.test('one bot is deleted once, also by two at the same time', async (t) => {
    const bot = await createBot(crew)
    const answers = await Promise.all([owner, maintainer].map((client) => client.call(`DELETE ${BOTS}/${bot.id}`)))
    t.same(answers.map(({ status }) => status).sort(), [204, 404])
  })
})
