import assert from 'node:assert/strict'
import { eventLeafHash } from '@patgate/merkle-log'
import fc from 'fast-check'
import { sql } from 'kysely'
import t from 'tap'
import { storeBatch } from '../../src/store/store-batch.ts'
import { openAuditStore } from '../fixtures/audit-store.ts'
import { anEvent } from '../fixtures/event.ts'

/** Whatever a producer may put into an event that PostgreSQL holds: any JSON without the character NUL. */
const details = fc.dictionary(
  fc.string().filter((key) => !key.includes('\u0000')),
  fc.jsonValue().filter((value) => !JSON.stringify(value).includes('\\u0000')),
  { maxKeys: 5 }
)

t.test('an event read back from the database has the leaf it had when it came', async (t) => {
  const store = await openAuditStore(t)
  await fc.assert(
    fc.asyncProperty(fc.array(details, { minLength: 1, maxLength: 20 }), async (all) => {
      await sql`truncate audit_events, audit_progress, audit_tiles`.execute(store.database)
      const came = all.map((one, index) => JSON.parse(JSON.stringify(anEvent(index + 1, { details: one }))))
      await storeBatch(store, { events: came, parked: [] })
      const stored = await store.database.selectFrom('audit_events').select('event').orderBy('leaf_index').execute()
      assert.deepEqual(
        stored.map(({ event }) => eventLeafHash(event).toString('hex')),
        came.map((event) => eventLeafHash(event).toString('hex'))
      )
    }),
    { numRuns: 40 }
  )
  t.pass('whatever it held')
})
