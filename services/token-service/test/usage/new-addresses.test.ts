import { test } from 'tap'
import { openPostbox } from '../../src/mail/postbox.ts'
import { networkOf } from '../../src/usage/new-addresses.ts'
import { rollUp } from '../../src/usage/roll-up.ts'
import { DAY_MS, NEW_YEAR, openLedger } from '../support/ledger.ts'
import { addressOf, reporting, useOf } from '../support/usage.ts'

test('seed line 33: somebody who can be reached is told of a new address', async (t) => {
  const { deps, clock, addPerson, addBot, addGroup, addMember, addToken } = await openLedger(t)
  const report = reporting()
  const useFrom = (token: string, ...addresses: string[]) => {
    const now = clock.now()
    const from = addresses.map((address) => addressOf(token, now, address))
    return rollUp({ ...deps, postbox: openPostbox }, [report([useOf(token, now)], from)])
  }
  const takeMails = async () => {
    const mails = await deps.database.deleteFrom('mails').returning(['recipient', 'text']).execute()
    return mails.map(({ recipient, text }) => `${recipient} ${/used from (\S+),/.exec(text)?.[1]}`).sort()
  }
  const olga = await addPerson('olga')

  await t.test('its owner, but not of the first one, nor of one that is known', async (t) => {
    const token = await addToken(olga)
    await useFrom(token, '10.0.0.1')
    t.same(await takeMails(), [])
    await useFrom(token, '10.0.0.1')
    t.same(await takeMails(), [])
    await useFrom(token, '10.0.0.2')
    t.same(await takeMails(), ['olga@example.org 10.0.0.2'])
    clock.advance(5 * DAY_MS)
    await useFrom(token, '10.0.0.2', '10.0.0.1')
    t.same(await takeMails(), [])
  })

  await t.test('once a day, however many there are, and also when reports come again or together', async (t) => {
    const token = await addToken(olga)
    await useFrom(token, '10.0.0.1')
    const many = report([], [addressOf(token, clock.now(), '10.0.0.7'), addressOf(token, clock.now(), '10.0.0.8')])
    const rolling = { ...deps, postbox: openPostbox }
    await Promise.all([rollUp(rolling, [many]), rollUp(rolling, [many]), useFrom(token, '10.0.0.9')])
    t.equal((await takeMails()).length, 1)
    clock.advance(DAY_MS)
    await useFrom(token, '10.0.0.10')
    t.same(await takeMails(), ['olga@example.org 10.0.0.10'])
  })

  await t.test("of a bot's token its group's maintainers", async (t) => {
    await addGroup('crew')
    const bot = await addBot('crew', 'robot')
    await addMember('crew', await addPerson('max'), 'maintainer')
    await addMember('crew', await addPerson('anna'), 'analyst')
    const token = await addToken(bot)
    await useFrom(token, '10.0.0.1')
    await useFrom(token, '192.0.2.1')
    t.same(await takeMails(), ['max@example.org 192.0.2.1'])
  })

  await t.test('a machine that draws new IPv6 addresses stays where it is', async (t) => {
    t.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:db8:1:2::9'))
    t.not(networkOf('2001:db8:1:2::9'), networkOf('2001:db8:1:3::9'))
    t.equal(networkOf('::ffff:10.0.0.1'), '10.0.0.1')
    t.equal(networkOf('*'), '*')
    const token = await addToken(olga)
    await useFrom(token, '2001:db8::1')
    await useFrom(token, '2001:db8::2')
    t.same(await takeMails(), [])
    t.ok(clock.now() > NEW_YEAR)
  })
})
