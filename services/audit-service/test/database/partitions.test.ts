import { migrateToLatest } from '@patgate/database'
import { sql } from 'kysely'
import t from 'tap'
import { migrations } from '../../src/database/migrations.ts'
import { ensurePartitions, partitionsFrom } from '../../src/database/partitions.ts'
import { openAuditStore } from '../fixtures/audit-store.ts'

t.test('months follow each other without a gap, over the end of the year', async (t) => {
  const partitions = partitionsFrom(Date.parse('2026-11-30T23:59:59.999Z'))
  t.same(partitions, [
    { name: 'audit_events_2026_11', from: '2026-11-01', to: '2026-12-01' },
    { name: 'audit_events_2026_12', from: '2026-12-01', to: '2027-01-01' },
    { name: 'audit_events_2027_01', from: '2027-01-01', to: '2027-02-01' }
  ])
})

t.test('partitions are made ahead once, though replicas make them at the same time', async (t) => {
  const { database, clock } = await openAuditStore(t)
  clock.advance(31 * 86_400_000)
  await Promise.all([1, 2, 3].map(() => ensurePartitions(database, clock)))
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent = 'audit_events'::regclass order by 1
  `.execute(database)
  t.same(
    rows.map(({ name }) => name),
    ['2026_03', '2026_04', '2026_05', '2026_06', 'default'].map((suffix) => `audit_events_${suffix}`)
  )
})

t.test('migrations that ran find nothing to do', async (t) => {
  const { database } = await openAuditStore(t)
  t.same(await migrateToLatest(database, migrations), [])
})
