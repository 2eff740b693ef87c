import { setImmediate as nextTurn } from 'node:timers/promises'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { recordLastUse } from '../../src/usage/record-last-use.ts'
import { eventsOf } from '../support/events.ts'
import { NEW_YEAR, openLedger } from '../support/ledger.ts'
import { addressOf, reporting, useOf } from '../support/usage.ts'

test('seed line 33: last use and address are written without blocking, and without contention on hot rows', async (t) => {
  const { deps, addPerson, addToken } = await openLedger(t)
  const { database } = deps
  const olga = await addPerson('olga')
  const tokenRow = (id: string) =>
    database
      .selectFrom('tokens')
      .select(['last_used_at', 'last_used_address', 'updated_at'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  const secretRow = (id: string) =>
    database.selectFrom('secrets').select('last_used_at').where('token_id', '=', id).executeTakeFirstOrThrow()

  await t.test('the latest use counts, in whatever order reports come, and nothing else changes', async (t) => {
    const token = await addToken(olga)
    const report = reporting()
    const issued_at = new Date(NEW_YEAR).toISOString()
    const later = report([useOf(token, NEW_YEAR + 10, { issued_at })], [addressOf(token, NEW_YEAR + 10, '10.0.0.2')])
    const earlier = report([useOf(token, NEW_YEAR + 5, { issued_at })], [addressOf(token, NEW_YEAR + 5, '10.0.0.1')])
    await recordLastUse(database, [later])
    await recordLastUse(database, [earlier])
    const expected = { last_used_at: new Date(NEW_YEAR + 10), last_used_address: '10.0.0.2' }
    t.match(await tokenRow(token), { ...expected, updated_at: new Date(NEW_YEAR) })
    t.match(await secretRow(token), { last_used_at: new Date(NEW_YEAR + 10) })
    t.same(await eventsOf(deps), [], 'no change is recorded')
  })

  await t.test('uses and addresses come in reports of their own, in whatever order', async (t) => {
    const report = reporting()
    const uses = (token: string) => report([useOf(token, NEW_YEAR + 10)])
    const addresses = (token: string) => report([], [addressOf(token, NEW_YEAR + 10, '10.0.0.2')])
    const expected = { last_used_at: new Date(NEW_YEAR + 10), last_used_address: '10.0.0.2' }
    for (const order of [
      [uses, addresses],
      [addresses, uses]
    ]) {
      const token = await addToken(olga)
      for (const reportOf of order) await recordLastUse(database, [reportOf(token)])
      t.match(await tokenRow(token), expected)
    }
  })

  await t.test('a secret of another time of issue is another secret', async (t) => {
    const token = await addToken(olga)
    await recordLastUse(database, [
      reporting()([useOf(token, NEW_YEAR + 10, { issued_at: '2029-01-01T00:00:00.000Z' })])
    ])
    t.match(await tokenRow(token), { last_used_at: new Date(NEW_YEAR + 10) })
    t.match(await secretRow(token), { last_used_at: null })
  })

  await t.test(
    'waits for no row that somebody holds, writes all others at once, and that one when it is free',
    async (t) => {
      const held = await addToken(olga)
      const free = await addToken(olga)
      const issued_at = new Date(NEW_YEAR).toISOString()
      const uses = [held, free].map((token) => useOf(token, NEW_YEAR + 20, { issued_at }))
      const { promise: gate, resolve: release } = Promise.withResolvers<void>()
      const holding = database.transaction().execute(async (transaction) => {
        await transaction.selectFrom('tokens').select('id').where('id', '=', held).forUpdate().execute()
        await gate
      })
      let isDone = false
      const recording = recordLastUse(database, [reporting()(uses)]).then(() => {
        isDone = true
      })
      await until(async () => (await tokenRow(free)).last_used_at !== null)
      await nextTurn()
      t.notOk(isDone)
      t.equal((await tokenRow(held)).last_used_at, null)
      release()
      await Promise.all([holding, recording])
      t.match(await tokenRow(held), { last_used_at: new Date(NEW_YEAR + 20) })
    }
  )

  await t.test('many at once on the same tokens end in the latest', async (t) => {
    const tokens = await Promise.all(Array.from({ length: 5 }, () => addToken(olga)))
    const report = reporting()
    const reports = Array.from({ length: 40 }, (_, n) =>
      report((n % 2 === 0 ? tokens : tokens.toReversed()).map((token) => useOf(token, NEW_YEAR + 100 + n)))
    )
    await Promise.all(reports.map((one) => recordLastUse(database, [one])))
    for (const token of tokens) t.match(await tokenRow(token), { last_used_at: new Date(NEW_YEAR + 139) })
  })
})
