import { openPool } from '@patgate/database'
import t from 'tap'
import { storeOrPark } from '../../src/store/store-or-park.ts'
import { openAuditStore, storedLeaves } from '../fixtures/audit-store.ts'
import { anEvent, BOOT } from '../fixtures/event.ts'

const SUBJECT = 'patgate.audit.access'
const arrival = (...args: Parameters<typeof anEvent>) => ({ subject: SUBJECT, event: anEvent(...args) })

t.test('what the database refuses is parked with its reason; everything else is stored', async (t) => {
  const store = await openAuditStore(t)
  const arrivals = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seq) => arrival(seq))
  arrivals[2] = arrival(3, { reason: 'a NUL \u0000 is no text' })
  arrivals[6] = arrival(7, { time: '0000-01-01T00:00:00Z' })
  arrivals[7] = arrival(8, { target: { type: 'file', id: 'é'.repeat(200_000) } })
  const stored = await storeOrPark(store, { arrivals, parked: [] })

  t.equal(stored.inserted, 6)
  t.same(
    (await storedLeaves(store.database)).map(({ seq }) => seq),
    [1, 2, 4, 5, 6, 9]
  )
  const parked = await store.database.selectFrom('parked_messages').selectAll().orderBy('seq').execute()
  t.same(
    parked.map(({ seq }) => seq),
    [3, 7, 8]
  )
  t.match(parked[0], { subject: SUBJECT, producer: 'gateway-1', boot: BOOT, reason: /^the log refuses it: / })
  t.match(JSON.parse(String(parked[1]?.payload)), { seq: 7 })
})

t.test('what is parked is kept, so its producer need not send it again: progress passes it', async (t) => {
  const store = await openAuditStore(t)
  const arrivals = [arrival(1), arrival(2, { reason: '\u0000' }), arrival(3)]
  const { progress } = await storeOrPark(store, { arrivals, parked: [] })
  t.equal(progress.at(-1)?.contiguousSeq, 3)
})

t.test('what is parked again is the same row', async (t) => {
  const store = await openAuditStore(t)
  const arrivals = [arrival(1, { id: '01890000-0000-7000-8000-000000000001', reason: '\u0000' })]
  await storeOrPark(store, { arrivals, parked: [] })
  await storeOrPark(store, { arrivals, parked: [] })
  const parked = await store.database.selectFrom('parked_messages').select('times_seen').execute()
  t.same(parked, [{ times_seen: 2 }])
})

t.test('an outage parks nothing: the messages have to come again', async (t) => {
  const store = await openAuditStore(t)
  const writers = openPool({ url: store.servers.databaseUrl })
  await writers.end()
  await t.rejects(storeOrPark({ ...store, writers }, { arrivals: [arrival(1)], parked: [] }))
  t.same(await store.database.selectFrom('parked_messages').selectAll().execute(), [])
})
