import { test } from 'tap'
import { NO_DEMANDS } from '../../src/policy/built-in-policy.ts'
import { CREW, createBot, openCrew } from '../support/crew.ts'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'
import { plantTokens } from '../support/tokens.ts'

const GROUP = `/v1/groups/${CREW}`

test('a group changes and ends', async (t) => {
  const service = await openService(t)
  const crew = await openCrew(service)
  const { owner, guest } = crew

  await t.test('name and policy change field by field, and what is left out stays', async (t) => {
    const named = await owner.call(`PATCH ${GROUP}`, { name: 'The crew' })
    t.match(named.body, { slug: CREW, name: 'The crew', role: 'owner', policy: NO_DEMANDS })
    await owner.call(`PATCH ${GROUP}`, { policy: { max_token_lifetime: '90d', require_expiry: true } })
    const patched = await owner.call(`PATCH ${GROUP}`, { policy: { max_token_lifetime: null } })
    t.same(patched.body, { ...named.body, policy: { ...NO_DEMANDS, require_expiry: true } })
    t.same((await guest.call(`GET ${GROUP}`)).body, { ...patched.body, role: 'guest' })
    const events = (await eventsOf(service.deps)).filter(({ type }) => /^(group|policy)\.updated$/.test(type))
    t.match(events, [
      { type: 'group.updated', group: CREW, details: { name: 'The crew', previous_name: 'Crew' } },
      { type: 'policy.updated', group: CREW, details: { after: { max_token_lifetime: '90d' } } },
      {
        type: 'policy.updated',
        details: { before: { max_token_lifetime: '90d' }, after: { max_token_lifetime: null } }
      }
    ])
    await owner.call(`PATCH ${GROUP}`, { name: 'The crew' })
    t.equal((await eventsOf(service.deps)).filter(({ type }) => type === 'group.updated').length, 1)
  })

  const bad: Record<string, object> = {
    'an empty name': { name: '' },
    'a name of another type': { name: 7 },
    'a slug, which never changes': { slug: 'other' },
    'an unknown field': { colour: 'red' },
    'an unknown demand': { policy: { max_lifetime: '1d' } },
    'a policy of another type': { policy: 'strict' },
    'no policy': { policy: null }
  }
  for (const [name, body] of Object.entries(bad)) {
    await t.test(`${name} is refused`, async (t) => {
      t.equal((await owner.call(`PATCH ${GROUP}`, body)).status, 400)
    })
  }

  await t.test('deleting takes bots, their tokens, scopes and roles along, and keeps the slug taken', async (t) => {
    const bot = await createBot(crew)
    const [botToken = ''] = await plantTokens(service.deps.database, bot.id, 1)
    const [ownToken = ''] = await plantTokens(service.deps.database, owner.userId, 1, CREW)
    t.equal((await owner.call(`DELETE ${GROUP}`)).status, 204)
    t.equal((await owner.call(`GET ${GROUP}`)).status, 404)
    t.equal((await owner.call(`DELETE ${GROUP}`)).status, 404)

    const { database } = service.deps
    const tokens = await database.selectFrom('tokens').select(['id', 'revoked_reason']).execute()
    t.equal(tokens.find(({ id }) => id === botToken)?.revoked_reason, 'bot_deleted')
    t.equal(tokens.find(({ id }) => id === ownToken)?.revoked_reason, null, 'the tokens of people stay')
    t.same(await database.selectFrom('scopes').selectAll().where('token_id', '=', ownToken).execute(), [])
    const taken = await guest.call('POST /v1/groups', { slug: CREW, name: 'New' })
    t.match(taken, { status: 409, body: { code: 'conflict' } }, 'upstreams still know the old group by it')
    const admin = await service.asAdmin()
    const again = await admin.call('POST /v1/groups', { slug: CREW, name: 'New' })
    t.match(again.body, { role: 'owner', policy: NO_DEMANDS }, 'an administrator knows what they do')
    t.equal((await owner.call(`GET ${GROUP}`)).status, 404, 'nobody comes back with the name')

    const types = (await eventsOf(service.deps)).filter(({ group }) => group === CREW).map(({ type }) => type)
    t.same(types.slice(-4), ['bot.deleted', 'group.deleted', 'token.revoked', 'group.created'])
  })
})
