import { test } from 'tap'
import { CREW, createBot, openCrew } from '../support/crew.ts'
import { openService } from '../support/service.ts'

test('section 2, line 17: one token per user, and N per user', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()
  const uma = await service.asNewPerson('uma')
  const create = (client = uma) => client.call('POST /v1/tokens', { name: 'x', scopes: [] })

  await admin.call('PATCH /v1/policy', { max_tokens_per_owner: 1 })
  const answers = await Promise.all([create(), create(), create()])
  t.same(answers.map(({ status }) => status).sort(), [201, 403, 403], 'also when they come at once')
  t.equal(answers.find(({ status }) => status === 403)?.body.code, 'policy_violation')
  t.equal((await create(admin)).status, 201, 'for each user')

  await admin.call('PATCH /v1/policy', { max_tokens_per_owner: 3 })
  t.same([(await create()).status, (await create()).status, (await create()).status], [201, 201, 403])
  await admin.call('PATCH /v1/policy', { max_tokens_per_owner: null })
  t.equal((await create()).status, 201)
})

test('tokens of bots, and of people who go', async (t) => {
  const service = await openService(t)
  const crew = await openCrew(service)
  const bot = await createBot(crew)
  const ofBot = (await crew.owner.call('POST /v1/tokens', { name: 'x', owner: bot.id, scopes: [] })).body
  const ofGuest = (await crew.guest.call('POST /v1/tokens', { name: 'x', scopes: [] })).body

  await t.test('defect 14: who may not manage a bot cannot revoke its tokens, however much they know', async (t) => {
    for (const who of ['nobody', 'stranger', 'guest', 'uploader', 'analyst'] as const) {
      const { status } = await crew[who].call(`POST /v1/tokens/${ofBot.id}/revoke`)
      t.equal(status, who === 'nobody' ? 401 : 404, who)
    }
    t.equal((await crew.maintainer.call(`POST /v1/tokens/${ofBot.id}/revoke`)).status, 200)
    t.equal((await crew.maintainer.call(`POST /v1/tokens/${ofBot.id}/restore`)).status, 200)
  })

  await t.test('defect 23: no token is without an owner, and none outlives one', async (t) => {
    const ofOwner = service.deps.database.deleteFrom('users').where('id', '=', crew.guest.userId)
    await t.rejects(ofOwner.execute(), 'while there are tokens, the row of their owner cannot go')
    const status = async (secret: string) => {
      const headers = { authorization: `Bearer ${secret}` }
      return (await service.anybody.call('GET /v1/tokens/self', undefined, headers)).status
    }
    for (const { secret } of [ofGuest, ofBot]) t.equal(await status(secret), 200)
    await crew.admin.call(`DELETE /v1/users/${crew.guest.userId}`)
    await crew.owner.call(`DELETE /v1/groups/${CREW}/bots/${bot.id}`)
    for (const { secret } of [ofGuest, ofBot]) t.equal(await status(secret), 401)
  })
})
