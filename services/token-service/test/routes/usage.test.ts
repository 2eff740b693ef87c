import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { openPostbox } from '../../src/mail/postbox.ts'
import { rollUp } from '../../src/usage/roll-up.ts'
import { DAY_MS, NEW_YEAR } from '../support/ledger.ts'
import { openService } from '../support/service.ts'
import { addressOf, reporting, useOf } from '../support/usage.ts'

const scope = (entity_type: string, entity_id: string, operations: string[]) => {
  return { group: 'crew', entity_type, entity_id, operations }
}

test('what a token was used for', async (t) => {
  const clock = manualClock(NEW_YEAR)
  const { deps, asAdmin, asNewPerson } = await openService(t, clock)
  const olga = await asNewPerson('olga')
  await olga.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })
  const token = await olga.createToken({
    expires_in: '1y',
    scopes: [scope('dashboard', '*', ['read', 'list', 'update']), scope('dataset', 'sales', ['read'])]
  })
  const report = reporting()
  await rollUp({ ...deps, postbox: openPostbox }, [
    report(
      [
        useOf(token.id, NEW_YEAR, { entity_id: 'a', count: 3 }),
        useOf(token.id, NEW_YEAR + 10, { entity_id: 'b', operation: 'update' }),
        useOf(token.id, NEW_YEAR - 40 * DAY_MS, { entity_id: 'old' })
      ],
      [addressOf(token.id, NEW_YEAR, '10.0.0.1', 3), addressOf(token.id, NEW_YEAR + 10, '10.0.0.2')]
    )
  ])
  const usagePath = `GET /v1/tokens/${token.id}/usage`
  const exposurePath = `GET /v1/tokens/${token.id}/exposure`

  await t.test('usage: what is granted, used, unused, and what would suffice', async (t) => {
    const { status, body } = await olga.call(usagePath)
    t.equal(status, 200)
    t.match(body.granted, token.scopes)
    t.match(body.used, [
      { group: 'crew', entity_type: 'dashboard', entity_id: 'a', operation: 'read', count: 3 },
      { entity_id: 'b', operation: 'update', count: 1, last_at: new Date(NEW_YEAR + 10).toISOString() }
    ])
    t.equal(body.used.length, 2, 'of the last 30 days')
    t.same(
      body.unused.map(({ entity_type, operations }: { entity_type: string; operations: string[] }) => [
        entity_type,
        operations
      ]),
      [
        ['dashboard', ['list']],
        ['dataset', ['read']]
      ]
    )
    t.same(body.suggestion, [scope('dashboard', 'a', ['read']), scope('dashboard', 'b', ['update'])])
    t.equal((await olga.call(`${usagePath}?days=365`)).body.used.length, 3)
  })

  await t.test('the suggestion is what narrow takes', async (t) => {
    const { suggestion } = (await olga.call(usagePath)).body
    const { status, body } = await olga.call(`POST /v1/tokens/${token.id}/narrow`, { scopes: suggestion })
    t.equal(status, 200)
    t.match(body.scopes, suggestion)
    t.same((await olga.call(usagePath)).body.unused, [])
  })

  await t.test('exposure: how often, when, on what, and from where', async (t) => {
    const { status, body } = await olga.call(exposurePath)
    t.equal(status, 200)
    t.match(body, {
      days: 30,
      count: 4,
      first_at: new Date(NEW_YEAR).toISOString(),
      last_at: new Date(NEW_YEAR + 10).toISOString(),
      used: [{ entity_id: 'a' }, { entity_id: 'b' }],
      addresses: [
        { address: '10.0.0.1', count: 3 },
        { address: '10.0.0.2', count: 1 }
      ]
    })
    const unused = await olga.createToken()
    t.same((await olga.call(`GET /v1/tokens/${unused.id}/exposure`)).body, {
      days: 30,
      count: 0,
      first_at: null,
      last_at: null,
      used: [],
      addresses: []
    })
  })

  await t.test('for the owner and administrators; to others the token does not exist', async (t) => {
    const admin = await asAdmin()
    const stranger = await asNewPerson('stranger')
    for (const path of [usagePath, exposurePath]) {
      t.equal((await admin.call(path)).status, 200)
      t.equal((await stranger.call(path)).status, 404)
    }
  })

  await t.test("of a bot's token for its group's maintainers", async (t) => {
    const { body: bot } = await olga.call('POST /v1/groups/crew/bots', { name: 'robot', role: 'analyst' })
    const ofBot = await olga.createToken({ owner: bot.id })
    const max = await asNewPerson('max')
    const asRole = (role: string) => olga.call(`PUT /v1/groups/crew/members/${max.userId}`, { role })
    for (const path of [`GET /v1/tokens/${ofBot.id}/usage`, `GET /v1/tokens/${ofBot.id}/exposure`]) {
      await asRole('maintainer')
      t.equal((await max.call(path)).status, 200)
      await asRole('guest')
      t.not((await max.call(path)).status, 200)
    }
  })

  await t.test('days is a number from 1 to 365', async (t) => {
    for (const days of ['0', '366', 'x']) t.equal((await olga.call(`${usagePath}?days=${days}`)).status, 400)
  })
})
