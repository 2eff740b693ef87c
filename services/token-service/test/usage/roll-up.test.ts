import { test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { openPostbox } from '../../src/mail/postbox.ts'
import { pruneUsage } from '../../src/usage/prune-usage.ts'
import { ADDRESSES_PER_DAY, ENTITIES_PER_DAY, rollUp } from '../../src/usage/roll-up.ts'
import { DAY_MS, NEW_YEAR, openLedger } from '../support/ledger.ts'
import { addressOf, reporting, useOf } from '../support/usage.ts'

test('the roll-up', async (t) => {
  const { deps, clock, addPerson, addToken } = await openLedger(t)
  const { database } = deps
  const rolling = { ...deps, postbox: openPostbox }
  const olga = await addPerson('olga')
  const usageOf = (tokenId: string) =>
    database
      .selectFrom('token_usage')
      .select(['entity_id', 'operation', 'count', 'first_at', 'last_at'])
      .where('token_id', '=', tokenId)
      .orderBy('day')
      .orderBy('entity_id')
      .execute()

  await t.test('adds up by day, and counts each report once however often it comes', async (t) => {
    const token = await addToken(olga)
    const report = reporting()
    const first = report([useOf(token, NEW_YEAR, { count: 2 }), useOf(token, NEW_YEAR + 5, { count: 3 })])
    const second = report([useOf(token, NEW_YEAR + 10, { count: 4 }), useOf(token, NEW_YEAR + DAY_MS)])
    t.equal(await rollUp(rolling, [first, first]), 1)
    t.equal(await rollUp(rolling, [first, second]), 1)
    const counts = await Promise.all([rollUp(rolling, [second]), rollUp(rolling, [first, second])])
    t.same(counts, [0, 0])
    t.match(await usageOf(token), [
      { count: 9, first_at: new Date(NEW_YEAR), last_at: new Date(NEW_YEAR + 10) },
      { count: 1, first_at: new Date(NEW_YEAR + DAY_MS) }
    ])
  })

  await t.test('two replicas take turns and lose nothing', async (t) => {
    const token = await addToken(olga)
    const gateways = Array.from({ length: 8 }, reporting)
    const reports = gateways.map((report) =>
      report([useOf(token, NEW_YEAR), useOf(token, NEW_YEAR, { entity_id: 'b' })])
    )
    await Promise.all([...reports, ...reports].map((report) => rollUp(rolling, [report])))
    t.match(await usageOf(token), [
      { entity_id: 'a', count: 8 },
      { entity_id: 'b', count: 8 }
    ])
  })

  await t.test('ignores tokens that are gone', async (t) => {
    const gone = uuidv7()
    t.equal(await rollUp(rolling, [reporting()([useOf(gone, NEW_YEAR)], [addressOf(gone, NEW_YEAR, '10.0.0.1')])]), 1)
    t.same(await usageOf(gone), [])
  })

  await t.test('stays bounded: beyond so many entities and addresses a day the rest counts as *', async (t) => {
    const token = await addToken(olga)
    const report = reporting()
    const many = Array.from({ length: ENTITIES_PER_DAY }, (_, n) => useOf(token, NEW_YEAR, { entity_id: `e${n}` }))
    const from = Array.from({ length: ADDRESSES_PER_DAY }, (_, n) =>
      addressOf(token, NEW_YEAR, `10.0.${n >> 8}.${n % 256}`)
    )
    await rollUp(rolling, [report(many, from)])
    const late = ['new', 'newer', 'e7'].map((entity_id) => useOf(token, NEW_YEAR, { entity_id }))
    const lateFrom = [addressOf(token, NEW_YEAR, '10.9.9.9', 5), addressOf(token, NEW_YEAR, '10.0.0.1')]
    await rollUp(rolling, [report(late, lateFrom)])
    const usage = await usageOf(token)
    t.equal(usage.length, ENTITIES_PER_DAY + 1)
    t.match(
      usage.find(({ entity_id }) => entity_id === '*'),
      { count: 2 }
    )
    t.match(
      usage.find(({ entity_id }) => entity_id === 'e7'),
      { count: 2 }
    )
    const addresses = await database.selectFrom('token_addresses').selectAll().where('token_id', '=', token).execute()
    t.equal(addresses.length, ADDRESSES_PER_DAY + 1)
    t.match(
      addresses.find(({ address }) => address === '*'),
      { count: 5 }
    )
  })

  await t.test('leaves what is older than a year, or of tokens that are gone, to the pruning', async (t) => {
    const kept = await addToken(olga)
    const gone = await addToken(olga)
    const uses = [useOf(kept, NEW_YEAR), useOf(gone, NEW_YEAR), useOf(kept, NEW_YEAR - 400 * DAY_MS)]
    await rollUp(rolling, [reporting()(uses)])
    await database.deleteFrom('tokens').where('id', '=', gone).execute()
    t.equal(await pruneUsage({ database, clock }), 2)
    t.equal((await usageOf(kept)).length, 1)
    t.same(await usageOf(gone), [])
  })
})
