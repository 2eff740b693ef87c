import type { AuditEvent } from '@patgate/contracts'
import type { Database } from '../../src/database/schema.ts'

/** Every event in the change log, in its order. */
export async function eventsOf({ database }: { readonly database: Database }): Promise<AuditEvent[]> {
  const rows = await database.selectFrom('changes').select('event').orderBy('seq').execute()
  return rows.map((row) => row.event)
}
