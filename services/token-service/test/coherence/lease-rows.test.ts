import type { KyselyPlugin } from 'kysely'
import { test } from 'tap'
import { dropLease, endLapsedRows, readLeaseRows, removeEndedGrace } from '../../src/coherence/lease-rows.ts'
import { NOWHERE, newHolder, openChangeLog, type Position } from './change-log.ts'

test('lease rows', async (t) => {
  const log = await openChangeLog(t)
  const { database, renew, commit } = log
  const first = await commit()
  const rowOf = async (holder: string) => (await readLeaseRows(database)).live.find((row) => row.holder === holder)

  await t.test('the first renewal is a reset to the head, and counts for nothing', async (t) => {
    const holder = newHolder()
    t.match(await renew(holder, NOWHERE), { lease_ms: 2_000, head_seq: first.seq, head_id: first.id, changes: 'reset' })
    t.match(await rowOf(holder), { kind: 'gateway', appliedSeq: 0, graceMs: 0 })
  })

  await t.test('a row tells its renewals apart, never goes back, and carries kind and grace', async (t) => {
    const holder = newHolder()
    const options = { kind: 'token-service', graceMs: 7_000 } as const
    const second = await commit()
    t.match(await renew(holder, second, options), { changes: [] })
    const renewalsBefore = (await rowOf(holder))?.renewals
    t.match(await renew(holder, first, options), { changes: [{ seq: second.seq, change_id: second.id }] })
    t.match(await rowOf(holder), { kind: 'token-service', appliedSeq: second.seq, graceMs: 7_000 })
    t.not((await rowOf(holder))?.renewals, renewalsBefore)
  })

  await t.test('a commit between the two statements is in the answer, and its revoker sees the row', async (t) => {
    const holder = newHolder()
    const before = await log.head()
    let seenByRevoker: Awaited<ReturnType<typeof rowOf>>
    const inBetween = afterFirstStatement(async () => {
      await commit()
      seenByRevoker = await rowOf(holder)
    })
    const answer = await renew(holder, before, { database: database.withPlugin(inBetween) })
    t.match(answer, { head_seq: before.seq + 1, changes: [{ seq: before.seq + 1 }] })
    t.match(seenByRevoker, { appliedSeq: before.seq }, 'the first statement was committed by itself')
  })

  const LOST: Record<string, (head: Position) => Position> = {
    'a number whose change has another id': ({ seq }) => ({ seq, id: newHolder() }),
    'a number above the head': ({ seq, id }) => ({ seq: seq + 1, id }),
    'a number without an id': ({ seq }) => ({ seq, id: null })
  }
  for (const [what, lose] of Object.entries(LOST)) {
    await t.test(`${what} is of a lost history: it counts for nothing, whatever the row said before`, async (t) => {
      const holder = newHolder()
      const head = await log.head()
      await renew(holder, head)
      t.match(await rowOf(holder), { appliedSeq: head.seq })
      t.match(await renew(holder, lose(head)), { changes: 'reset', head_seq: head.seq, head_id: head.id })
      t.match(await rowOf(holder), { appliedSeq: 0 })
    })
  }

  await t.test('ten thousand missing changes are answered, one more is a reset', async (t) => {
    const holder = newHolder()
    const before = await log.head()
    await log.grow(10_000)
    const { changes } = await renew(holder, before)
    t.equal(changes.length, 10_000)
    t.same(changes === 'reset' ? [] : [changes[0]?.seq, changes.at(-1)?.seq], [before.seq + 1, before.seq + 10_000])
    await log.grow(1)
    t.equal((await renew(holder, before)).changes, 'reset')
  })

  await t.test('what was pruned is a reset, unless the holder has it all', async (t) => {
    const head = await log.head()
    await database.deleteFrom('changes').where('seq', '<=', head.seq).execute()
    const later = await commit()
    t.match(await renew(newHolder(), head), { changes: 'reset' }, 'the change before the gap is not known any more')
    t.match(await renew(newHolder(), later), { changes: [] })
    await database.deleteFrom('changes').execute()
    t.match(await renew(newHolder(), later), { changes: [] }, 'the head itself is always known')
  })

  await t.test('a row that was removed and came back is not deleted by whoever read the old one', async (t) => {
    const holder = newHolder()
    const head = await log.head()
    await renew(holder, head)
    const read = (await readLeaseRows(database)).live.filter((row) => row.holder === holder)
    await dropLease(database, holder)
    await renew(holder, head)
    await endLapsedRows(database, read)
    t.match(await rowOf(holder), { holder })
  })

  await t.test(
    'of a gateway with grace it stays known until when it may be stale, though nobody waits for it',
    async (t) => {
      const holder = newHolder()
      const head = await log.head()
      await renew(holder, head, { graceMs: 7_000 })
      const read = (await readLeaseRows(database)).live.filter((row) => row.holder === holder)
      await endLapsedRows(database, read)
      const { live, staleUntil } = await readLeaseRows(database)
      t.notOk(live.some((row) => row.holder === holder))
      const graceMs = (staleUntil?.getTime() ?? 0) - Date.now()
      t.ok(graceMs > 2_000 && graceMs <= 7_100, `${graceMs} ms`)
      await removeEndedGrace(database)
      t.ok((await readLeaseRows(database)).staleUntil, 'and is not forgotten before')

      await renew(holder, head, { graceMs: 7_000 })
      t.match(await rowOf(holder), { holder }, 'a renewal makes it one that is waited for')
      t.equal((await readLeaseRows(database)).staleUntil, null)
      await dropLease(database, holder)
    }
  )

  await t.test('a row that was renewed since it was read is not deleted', async (t) => {
    const [alive, dead] = [newHolder(), newHolder()]
    const head = await log.head()
    for (const holder of [alive, dead]) await renew(holder, head)
    const read = (await readLeaseRows(database)).live.filter(({ holder }) => holder === alive || holder === dead)
    await renew(alive, head)
    await endLapsedRows(database, read)
    t.match(await rowOf(alive), { holder: alive })
    t.equal(await rowOf(dead), undefined)
    await dropLease(database, alive)
    t.equal(await rowOf(alive), undefined, 'a holder that ends in order takes its row along')
  })
})

/** Does something once, after a first statement was answered and before a second one is sent. */
function afterFirstStatement(action: () => Promise<void>): KyselyPlugin {
  let statements = 0
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      statements++
      if (statements === 1) await action()
      return result
    }
  }
}
