import { SUBJECTS } from '@patgate/contracts'
import type { NatsConnection } from '@patgate/event-bus'
import { type Kysely, sql } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import type { Progress } from '../store/store-batch.ts'

// Long enough that a producer hears it after an outage; one that was away longer sends again and is answered then.
const REPEATED_FOR = '15 minutes'

/** Tells producers how far their events are committed, so that they may forget them (audit.md, "Durability" 3). */
export function announceCommits(connection: NatsConnection, progress: readonly Progress[]): void {
  for (const { producer, boot, contiguousSeq } of progress) {
    connection.publish(SUBJECTS.auditCommitted, JSON.stringify({ producer, boot, contiguous_seq: contiguousSeq }))
  }
}

/** The progress worth repeating: of every boot from which something came lately, to this replica or another. */
export async function recentProgress(database: Kysely<AuditDatabase>): Promise<Progress[]> {
  const rows = await database
    .selectFrom('audit_progress')
    .select(['producer', 'boot', 'contiguous_seq'])
    .where('updated_at', '>', sql<Date>`now() - ${sql.lit(REPEATED_FOR)}::interval`)
    .execute()
  return rows.map(({ producer, boot, contiguous_seq }) => ({ producer, boot, contiguousSeq: contiguous_seq }))
}
