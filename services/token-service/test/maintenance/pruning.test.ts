import { test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { BY_SERVICE } from '../../src/changes/event.ts'
import { commitChange } from '../../src/changes/record-change.ts'
import { pruneChanges } from '../../src/maintenance/prune-changes.ts'
import { pruneSessions } from '../../src/maintenance/prune-sessions.ts'
import { DAY_MS, HOUR_MS, openLedger } from '../support/ledger.ts'

const TEN_MINUTES_MS = 600_000

test('pruning', async (t) => {
  const { deps, clock, addPerson } = await openLedger(t)
  const { database } = deps
  const olga = await addPerson('olga')

  await t.test('takes rows of the change log that are relayed and older than ten minutes, and no others', async (t) => {
    const change = async () => {
      const event = { type: 'user.updated' as const, origin: BY_SERVICE, target: { type: 'user', id: olga } }
      await commitChange(deps, async () => ({ result: null, changes: [{ selector: null, event }] }))
    }
    const relayUpTo = (seq: number) =>
      database.updateTable('changes').set({ relayed_at: new Date() }).where('seq', '<=', seq).execute()
    const seqs = async () =>
      (await database.selectFrom('changes').select('seq').orderBy('seq').execute()).map(({ seq }) => seq)

    for (let made = 0; made < 3; made++) await change()
    clock.advance(TEN_MINUTES_MS + 1)
    await change()
    t.equal(await pruneChanges(deps), 0, 'old, but not relayed')
    await relayUpTo(2)
    t.equal(await pruneChanges(deps), 2)
    t.same(await seqs(), [3, 4])
    await relayUpTo(4)
    t.equal(await pruneChanges(deps), 1, 'the last one is relayed, but not old')
    t.same(await seqs(), [4])
    await change()
    t.same(await seqs(), [4, 5], 'numbers go on')
  })

  await t.test('takes sessions that ended or expired a day ago, and no others', async (t) => {
    const start = clock.now()
    const addSession = async (expiresInMs: number, endedAfterMs: number | null) => {
      const id = uuidv7()
      await database
        .insertInto('sessions')
        .values({
          id,
          user_id: olga,
          created_at: new Date(start),
          expires_at: new Date(start + expiresInMs),
          ended_at: endedAfterMs === null ? null : new Date(start + endedAfterMs),
          address: null,
          user_agent: null
        })
        .execute()
      return id
    }
    await addSession(HOUR_MS, null)
    await addSession(10 * DAY_MS, HOUR_MS)
    const alive = await addSession(10 * DAY_MS, null)
    clock.advance(DAY_MS + HOUR_MS)
    t.equal(await pruneSessions(deps), 0)
    clock.advance(1)
    t.equal(await pruneSessions(deps), 2)
    t.same(await database.selectFrom('sessions').select('id').execute(), [{ id: alive }])
  })
})
