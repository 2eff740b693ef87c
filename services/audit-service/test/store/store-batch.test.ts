import { until } from '@patgate/test-kit'
import { type Kysely, sql } from 'kysely'
import t from 'tap'
import type { AuditDatabase } from '../../src/database/schema.ts'
import { storeBatch } from '../../src/store/store-batch.ts'
import { openAuditStore, storedLeaves } from '../fixtures/audit-store.ts'
import { anEvent, BOOT } from '../fixtures/event.ts'

const OTHER_BOOT = '01890000-0000-7000-8000-00000000b008'

t.test('a batch that comes again is stored once, and its progress is answered again', async (t) => {
  const store = await openAuditStore(t)
  const events = [1, 2, 3].map((seq) => anEvent(seq))
  const first = await storeBatch(store, { events, parked: [] })
  const second = await storeBatch(store, { events, parked: [] })
  t.equal(first.inserted, 3)
  t.equal(second.inserted, 0)
  t.same(second.progress, [{ producer: 'gateway-1', boot: BOOT, contiguousSeq: 3 }])
  t.same(
    (await storedLeaves(store.database)).map(({ seq }) => seq),
    [1, 2, 3]
  )
})

t.test('an event that is twice in one batch is stored once', async (t) => {
  const store = await openAuditStore(t)
  const { inserted } = await storeBatch(store, { events: [anEvent(1), anEvent(1), anEvent(2)], parked: [] })
  t.equal(inserted, 2)
})

t.test('the same number in another boot is another event', async (t) => {
  const store = await openAuditStore(t)
  const events = [anEvent(1), anEvent(1, { boot: OTHER_BOOT }), anEvent(1, { producer: 'gateway-2' })]
  const { inserted, progress } = await storeBatch(store, { events, parked: [] })
  t.equal(inserted, 3)
  t.equal(progress.length, 3)
})

t.test('progress stops before a hole and passes it when it is filled', async (t) => {
  const store = await openAuditStore(t)
  const seqs = async (...numbers: number[]) => {
    const { progress } = await storeBatch(store, { events: numbers.map((seq) => anEvent(seq)), parked: [] })
    return progress[0]?.contiguousSeq
  }
  t.equal(await seqs(2, 3), 0)
  t.equal(await seqs(7), 0)
  t.equal(await seqs(1), 3)
  t.equal(await seqs(6, 4), 4)
  t.equal(await seqs(5), 7)
  const { later } = await store.database.selectFrom('audit_progress').select('later').executeTakeFirstOrThrow()
  t.equal(later, '{}')
})

t.test('leaf indices have no gap, also after a transaction that failed', async (t) => {
  const store = await openAuditStore(t)
  await storeBatch(store, { events: [anEvent(1), anEvent(2)], parked: [] })
  await t.rejects(storeBatch(store, { events: [anEvent(3), anEvent(4, { reason: 'nul\u0000' })], parked: [] }))
  await storeBatch(store, { events: [anEvent(5)], parked: [] })
  t.same(
    (await storedLeaves(store.database)).map(({ leaf_index, seq }) => [leaf_index, seq]),
    [
      [0, 1],
      [1, 2],
      [2, 5]
    ]
  )
  const head = await store.database.selectFrom('audit_head').select('size').executeTakeFirstOrThrow()
  t.equal(head.size, 3)
})

t.test('the time of arrival never runs backwards, though the clock does', async (t) => {
  const store = await openAuditStore(t)
  await storeBatch(store, { events: [anEvent(1)], parked: [] })
  store.clock.advance(-3_600_000)
  await storeBatch(store, { events: [anEvent(2)], parked: [] })
  const [first, second] = await storedLeaves(store.database)
  t.same(second?.received_at, first?.received_at)
})

t.test('an event lies in the partition of the month in which it arrived', async (t) => {
  const store = await openAuditStore(t)
  await storeBatch(store, { events: [anEvent(1)], parked: [] })
  store.clock.set(Date.parse('2026-04-01T00:00:00Z'))
  await storeBatch(store, { events: [anEvent(2)], parked: [] })
  const rows = await sql<{ place: string }>`
    select tableoid::regclass::text as place from audit_events order by leaf_index
  `.execute(store.database)
  t.same(
    rows.rows.map(({ place }) => place),
    ['audit_events_2026_03', 'audit_events_2026_04']
  )
})

t.test('an event comes back as it went in', async (t) => {
  const store = await openAuditStore(t)
  const event = anEvent(1, {
    reason: 'quotes " \' and \\ and \\n, a line\nbreak, a tab\t, \u2028, 😀, \\.',
    details: { number: 0.1, big: 1e21, nested: { list: [1, 'two', null, true] }, owner_id: 'nobody' }
  })
  await storeBatch(store, { events: [event], parked: [] })
  const row = await store.database.selectFrom('audit_events').select(['event', 'owner_id']).executeTakeFirstOrThrow()
  t.same(row.event, event)
  t.equal(row.owner_id, null)
})

t.test('writers that write at the same time each get indices of their own', async (t) => {
  const store = await openAuditStore(t)
  const batches = Array.from({ length: 12 }, (_, batch) => [1, 2, 3, 4, 5].map((place) => anEvent(batch * 3 + place)))
  await Promise.all(batches.map((events) => storeBatch(store, { events, parked: [] })))
  const leaves = await storedLeaves(store.database)
  t.same(
    leaves.map(({ leaf_index }) => leaf_index),
    leaves.map((_, index) => index)
  )
  t.same(
    leaves.map(({ seq }) => seq).toSorted((a, b) => a - b),
    Array.from({ length: 38 }, (_, index) => index + 1)
  )
})

t.test('a connection that breaks under a batch fails that batch, which can be stored again', async (t) => {
  const store = await openAuditStore(t)
  const batch = { events: [anEvent(1), anEvent(2)], parked: [] }
  await store.database.transaction().execute(async (holder) => {
    await sql`select 1 from audit_head for update`.execute(holder)
    const failure = t.rejects(storeBatch(store, batch))
    await until(async () => (await breakWhoWaits(store.database)) === 1, { message: 'a writer waits for the head' })
    await failure
  })
  t.equal((await storeBatch(store, batch)).inserted, 2)
})

async function breakWhoWaits(database: Kysely<AuditDatabase>): Promise<number> {
  const { rows } = await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
  `.execute(database)
  return rows.length
}
