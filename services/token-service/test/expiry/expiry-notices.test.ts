import { test } from 'tap'
import { giveExpiryNotices } from '../../src/expiry/give-expiry-notices.ts'
import { openPostbox } from '../../src/mail/postbox.ts'
import { eventsOf } from '../support/events.ts'
import { DAY_MS, HOUR_MS, openLedger } from '../support/ledger.ts'

test('expiry notices', async (t) => {
  const { deps, clock, addPerson, addBot, addGroup, addMember, addToken } = await openLedger(t)
  const give = () => giveExpiryNotices({ ...deps, postbox: openPostbox })
  const olga = await addPerson('olga')
  const notices = async (tokenId: string) => {
    const events = (await eventsOf(deps)).filter((event) => event.target?.id === tokenId)
    return events.map(({ type, details }) => [type, details.notice])
  }
  const recipientsOf = async (name: string) => {
    const mails = await deps.database.selectFrom('mails').selectAll().where('subject', 'like', `%: ${name}`).execute()
    return mails.map(({ recipient }) => recipient).sort()
  }

  await t.test('one event and one mail a week and a day before, and never twice', async (t) => {
    const token = await addToken(olga, { name: 'nightly', expiresInMs: 30 * DAY_MS })
    clock.advance(23 * DAY_MS - 1)
    t.equal(await give(), 0, 'not an instant too early')
    clock.advance(1)
    t.equal(await give(), 1)
    t.same(await notices(token), [['token.expiring', '7d']])
    t.same(await recipientsOf('nightly'), ['olga@example.org'])
    clock.advance(5 * DAY_MS)
    t.equal(await give(), 0)
    clock.advance(DAY_MS)
    const counts = await Promise.all([give(), give(), give()])
    t.equal(
      counts.reduce((sum, count) => sum + count, 0),
      1,
      'also when replicas run together'
    )
    t.same(await notices(token), [
      ['token.expiring', '7d'],
      ['token.expiring', '1d']
    ])
    t.equal((await recipientsOf('nightly')).length, 2)
  })

  await t.test('who missed the first is told the second alone', async (t) => {
    const token = await addToken(olga, { name: 'late', expiresInMs: 10 * DAY_MS })
    clock.advance(9.5 * DAY_MS)
    t.equal(await give(), 1)
    t.same(await notices(token), [['token.expiring', '1d']])
  })

  await t.test('none of what is revoked, expired, eternal, or shorter than the notice is long', async (t) => {
    await addToken(olga, { expiresInMs: 8 * DAY_MS, revoked: true })
    await addToken(olga, { expiresInMs: null })
    const hourly = await addToken(olga, { expiresInMs: HOUR_MS })
    t.equal(await give(), 0)
    clock.advance(7.5 * DAY_MS)
    t.equal(await give(), 0)
    t.same(await notices(hourly), [])
  })

  await t.test('a new expiry is told of anew', async (t) => {
    const token = await addToken(olga, { expiresInMs: 10 * DAY_MS })
    clock.advance(9.5 * DAY_MS)
    t.equal(await give(), 1)
    const later = new Date(clock.now() + 3 * DAY_MS)
    await deps.database.updateTable('tokens').set({ expires_at: later }).where('id', '=', token).execute()
    t.equal(await give(), 1, 'a week before is over, a day before is not yet')
    clock.advance(2.5 * DAY_MS)
    t.equal(await give(), 1)
    t.same(await notices(token), [
      ['token.expiring', '1d'],
      ['token.expiring', '7d'],
      ['token.expiring', '1d']
    ])
  })

  await t.test("of a bot's token its group's maintainers and owners hear, and nobody else", async (t) => {
    await addGroup('crew')
    const bot = await addBot('crew', 'robot')
    await addMember('crew', bot, 'maintainer')
    const [max, otto, anna, gone] = await Promise.all(['max', 'otto', 'anna', 'gone'].map(addPerson))
    await addMember('crew', max ?? '', 'maintainer')
    await addMember('crew', otto ?? '', 'owner')
    await addMember('crew', anna ?? '', 'analyst')
    await addMember('crew', gone ?? '', 'owner')
    await deps.database
      .updateTable('users')
      .set({ disabled_at: new Date() })
      .where('id', '=', gone ?? '')
      .execute()
    const token = await addToken(bot, { name: 'deploy', expiresInMs: 10 * DAY_MS })
    clock.advance(9 * DAY_MS)
    t.equal(await give(), 1)
    t.same(await recipientsOf('deploy'), ['max@example.org', 'otto@example.org'])
    const event = (await eventsOf(deps)).find(({ target }) => target?.id === token)
    t.match(event, { group: 'crew', details: { owner_id: bot, told: [max, otto].sort() } })
  })

  await t.test('a group that a scope names may ask for more', async (t) => {
    await addGroup('strict', { notify_before_expiry: ['14d'] })
    const scope = { group_slug: 'strict', entity_type: 'dashboard', entity_id: '*', operations: ['read' as const] }
    const strict = await addToken(olga, { scopes: [scope] })
    const usual = await addToken(olga, {})
    clock.advance(16 * DAY_MS)
    t.equal(await give(), 1)
    t.same(await notices(strict), [['token.expiring', '14d']])
    clock.advance(7 * DAY_MS)
    t.equal(await give(), 2)
    t.same(await notices(usual), [['token.expiring', '7d']])
    t.same((await notices(strict)).at(-1), ['token.expiring', '7d'])
  })
})
