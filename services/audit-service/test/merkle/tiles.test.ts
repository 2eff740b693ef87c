import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eventLeafHash, rootOf } from '@patgate/merkle-log'
import { until } from '@patgate/test-kit'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { checkEvents } from '../../src/checkpoints/check-events.ts'
import { readGrowth } from '../../src/checkpoints/check-growth.ts'
import { checkTiles } from '../../src/checkpoints/check-tiles.ts'
import { logSize } from '../../src/checkpoints/published.ts'
import { fillTiles } from '../../src/merkle/fill-tiles.ts'
import { storeBatch } from '../../src/store/store-batch.ts'
import { storeOrPark } from '../../src/store/store-or-park.ts'
import { type AuditStore, openAuditStore } from '../fixtures/audit-store.ts'
import { someEvents } from '../fixtures/auditor.ts'
import { anEvent } from '../fixtures/event.ts'

t.setTimeout(120_000)

const storing = join(import.meta.dirname, '..', 'fixtures', 'storing-process.ts')

/** Fails unless every stored event has its leaf, every tile is as it should be, and the root is that of the events. */
async function isSound(t: Test, { database }: AuditStore): Promise<number> {
  const size = await logSize(database)
  const whole = { begin: 0, end: size }
  t.equal(await checkTiles(database, size, whole), null)
  t.equal(await checkEvents(database, whole), null)
  const events = await database.selectFrom('audit_events').select('event').orderBy('leaf_index').execute()
  const root = rootOf(events.map(({ event }) => eventLeafHash(event)))
  t.same((await readGrowth(database, 0, size)).root(), root)
  return size
}

t.test('the tree is that of the stored events, in whatever batches they came', async (t) => {
  const store = await openAuditStore(t)
  for (const [count, from] of [
    [1, 1],
    [254, 2],
    [1, 256],
    [700, 257],
    [300, 900],
    [0, 1]
  ] as const) {
    await storeBatch(store, { events: someEvents(count, from), parked: [] })
  }
  t.equal(await isSound(t, store), 1_199, 'events that came twice have one leaf')
})

t.test('writers at the same time build one tree', async (t) => {
  const store = await openAuditStore(t)
  const batches = Array.from({ length: 12 }, (_, batch) => someEvents(100, batch * 60 + 1))
  await Promise.all(batches.map((events) => storeBatch(store, { events, parked: [] })))
  t.equal(await isSound(t, store), 760)
})

t.test('a process that is killed while it stores leaves a whole tree, whenever it was', async (t) => {
  const store = await openAuditStore(t)
  for (let round = 0; round < 4; round += 1) {
    const before = await logSize(store.database)
    const child = spawn(process.execPath, [storing, store.servers.databaseUrl, String(before + 1)], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    t.teardown(() => child.kill('SIGKILL'))
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    await until(() => said.split('\n').length > 2 + round, { timeoutMs: 20_000 })
    child.kill('SIGKILL')
    await once(child, 'close')
    const confirmed = Number(said.trimEnd().split('\n').at(-1))
    await until(() => nobodyElse(store), { message: 'the backend of the dead process ended' })
    t.ok((await isSound(t, store)) >= confirmed, 'what was confirmed is there')
  }
})

async function nobodyElse({ database }: AuditStore): Promise<boolean> {
  const { rows } = await sql<{ busy: number }>`
    select count(*) as busy from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
  `.execute(database)
  return rows[0]?.busy === 0
}

t.test('a log from before there were tiles gets its tree once', async (t) => {
  const store = await openAuditStore(t)
  await storeBatch(store, { events: someEvents(5_000), parked: [] })
  await sql`delete from audit_tiles`.execute(store.database)
  await Promise.all([fillTiles(store.writers), fillTiles(store.writers)])
  await isSound(t, store)
})

t.test('damaged tiles do not keep events from being stored', async (t) => {
  const store = await openAuditStore(t)
  await storeBatch(store, { events: someEvents(10), parked: [] })
  await sql`update audit_tiles set hashes = sha256('x')`.execute(store.database)
  t.equal((await storeBatch(store, { events: someEvents(10, 11), parked: [] })).inserted, 10)
})

t.test('leaf hashes stay when a partition is dropped, and with them the root', async (t) => {
  const store = await openAuditStore(t)
  await storeBatch(store, { events: someEvents(300), parked: [] })
  store.clock.set(Date.parse('2026-04-02T00:00:00Z'))
  await storeBatch(store, { events: someEvents(300, 301), parked: [] })
  const before = (await readGrowth(store.database, 0, 600)).root()
  await sql`drop table audit_events_2026_03`.execute(store.database)
  t.same((await readGrowth(store.database, 0, 600)).root(), before)
  t.equal(await checkTiles(store.database, 600, { begin: 0, end: 600 }), null)
  t.equal(await checkEvents(store.database, { begin: 300, end: 600 }), null)
})

t.test('an event that has no canonical form is parked, and takes no other along', async (t) => {
  const store = await openAuditStore(t)
  const endless = anEvent(2, { details: { number: Number.POSITIVE_INFINITY } })
  const arrivals = [anEvent(1), endless, anEvent(3)].map((event) => ({ subject: 'test', event }))
  const { inserted, parked } = await storeOrPark(store, { arrivals, parked: [] })
  t.equal(inserted, 2)
  t.match(parked, [{ reason: /no canonical form/ }])
})
