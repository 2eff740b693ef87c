import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sql } from 'kysely'
import t from 'tap'
import { storeBatch } from '../../src/store/store-batch.ts'
import { type AuditStore, openAuditStore, storedLeaves } from '../fixtures/audit-store.ts'
import { anEvent } from '../fixtures/event.ts'

const BOOTS = ['01890000-0000-7000-8000-00000000b001', '01890000-0000-7000-8000-00000000b002']
const HIGHEST_SEQ = 12

interface Sent {
  readonly boot: string
  readonly seq: number
}

/** Batches as a bad network delivers them: any order, repeated, overlapping, with holes. */
const deliveries = fc.array(
  fc.array(fc.record({ boot: fc.constantFrom(...BOOTS), seq: fc.integer({ min: 1, max: HIGHEST_SEQ }) }), {
    minLength: 1,
    maxLength: 6
  }),
  { minLength: 1, maxLength: 8 }
)

/** All by COPY, all as parameters, or some of each. */
const fewest = fc.constantFrom(0, 3, 6)

t.test('whatever comes in whatever order, each event is stored once and the progress says so', async (t) => {
  const store = await openAuditStore(t)
  await fc.assert(
    fc.asyncProperty(deliveries, fc.boolean(), fewest, async (batches, isConcurrent, few) => {
      await empty(store)
      if (isConcurrent) await Promise.all(batches.map((batch) => deliver(store, batch, few)))
      else for (const batch of batches) await deliver(store, batch, few)
      const sent = new Set(batches.flat().map(keyOf))
      const leaves = await storedLeaves(store.database)
      assert.deepEqual(new Set(leaves.map(keyOf)), sent)
      assert.equal(leaves.length, sent.size)
      assert.deepEqual(
        leaves.map(({ leaf_index }) => leaf_index),
        leaves.map((_, index) => index)
      )
      assert.deepEqual(await progressOf(store), expectedProgress(batches.flat()))
    }),
    { numRuns: 60 }
  )
  t.pass('no interleaving broke it')
})

const keyOf = ({ boot, seq }: Sent): string => `${boot}/${seq}`

function deliver(store: AuditStore, batch: readonly Sent[], few: number) {
  return storeBatch(store, { events: batch.map(({ boot, seq }) => anEvent(seq, { boot })), parked: [] }, few)
}

/** The model: count up from one as far as everything is there; what lies beyond is later. */
function expectedProgress(sent: readonly Sent[]) {
  return BOOTS.filter((boot) => sent.some((event) => event.boot === boot)).map((boot) => {
    const seqs = new Set(sent.filter((event) => event.boot === boot).map(({ seq }) => seq))
    let contiguous = 0
    while (seqs.has(contiguous + 1)) contiguous += 1
    return { boot, contiguous, later: seqs.size - contiguous }
  })
}

async function progressOf({ database }: AuditStore) {
  const { rows } = await sql<{ boot: string; contiguous: number; later: number }>`
    select boot, contiguous_seq as contiguous,
      (select coalesce(sum(upper(stretch) - lower(stretch)), 0)::bigint from unnest(later) as stretch) as later
    from audit_progress order by boot
  `.execute(database)
  return rows
}

async function empty({ database }: AuditStore): Promise<void> {
  await sql`truncate audit_events, audit_progress, audit_tiles`.execute(database)
  await sql`update audit_head set size = 0`.execute(database)
}
