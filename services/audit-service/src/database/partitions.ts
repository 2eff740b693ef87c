import type { Clock } from '@patgate/service-kit'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { AuditDatabase } from './schema.ts'

const MONTHS_AHEAD = 2
const PARTITIONS_LOCK = 7_215_001

export interface Partition {
  readonly name: string
  /** First day inside, as `YYYY-MM-DD`, UTC. */
  readonly from: string
  /** First day outside. */
  readonly to: string
}

/** The partitions of the month of `nowMs` and of those that follow it. */
export function partitionsFrom(nowMs: number, monthsAhead = MONTHS_AHEAD): Partition[] {
  const now = new Date(nowMs)
  return Array.from({ length: monthsAhead + 1 }, (_, ahead) => {
    const from = firstOfMonth(now, ahead)
    return { name: `audit_events_${from.slice(0, 7).replace('-', '_')}`, from, to: firstOfMonth(now, ahead + 1) }
  })
}

/**
 * Makes the partitions that are missing; replicas do it at the same time. Making one locks the log for a moment.
 */
export async function ensurePartitions(database: Kysely<AuditDatabase>, clock: Clock): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await lockPartitions(transaction)
    for (const { name, from, to } of partitionsFrom(clock.now())) {
      const found = await sql<{ oid: number | null }>`select to_regclass(${name}) as oid`.execute(transaction)
      if (found.rows[0]?.oid != null) continue
      await sql`
        create table ${sql.id(name)} partition of audit_events
        for values from (${sql.lit(`${from} 00:00:00+00`)}) to (${sql.lit(`${to} 00:00:00+00`)})
      `.execute(transaction)
    }
  })
}

/**
 * Within a transaction that makes or drops partitions: one at a time, and never waiting long for the log, because
 * everybody behind would wait too.
 */
export async function lockPartitions(transaction: Transaction<AuditDatabase>): Promise<void> {
  await sql`set local lock_timeout = '5s'`.execute(transaction)
  await sql`select pg_advisory_xact_lock(${sql.lit(PARTITIONS_LOCK)})`.execute(transaction)
}

/** The partition of this name; null for the name of anything else. */
export function partitionOf(name: string): Partition | null {
  const [, year, month] = /^audit_events_([0-9]{4})_([0-9]{2})$/.exec(name) ?? []
  return year === undefined ? null : (partitionsFrom(Date.parse(`${year}-${month}-01T00:00:00Z`), 0)[0] ?? null)
}

function firstOfMonth(now: Date, monthsAhead: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + monthsAhead, 1)).toISOString().slice(0, 10)
}
