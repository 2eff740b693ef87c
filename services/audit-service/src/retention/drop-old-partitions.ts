import type { Clock } from '@patgate/service-kit'
import { type Kysely, sql } from 'kysely'
import { logSize } from '../checkpoints/published.ts'
import type { Checkpointing } from '../checkpoints/start-checkpointing.ts'
import { lockPartitions, partitionOf } from '../database/partitions.ts'
import type { AuditDatabase } from '../database/schema.ts'
import type { OwnLog } from '../own-events/own-log.ts'
import { serviceEvent } from '../own-events/service-event.ts'

export interface RetentionDeps {
  readonly database: Kysely<AuditDatabase>
  readonly clock: Clock
  readonly ownLog: Pick<OwnLog, 'record'>
  readonly checkpointing: Pick<Checkpointing, 'coverAll'>
}

/** Leaves that a partition holds; null when it is empty. */
interface Leaves {
  readonly first: number
  readonly last: number
}

/**
 * Removes whole months whose last day is longer ago than `retentionMs`, the oldest first, and answers their names. Their
 * leaf hashes stay, so that everything that was signed can still be proved consistent. Each removal is an event of the log
 * first, and signed: whoever verifies it finds out why it begins where it does.
 */
export async function dropOldPartitions(deps: RetentionDeps, retentionMs: number): Promise<string[]> {
  const { database, clock } = deps
  const dropped: string[] = []
  for (const name of await partitionNames(database)) {
    const partition = partitionOf(name)
    if (partition === null || Date.parse(partition.to) > clock.now() - retentionMs) break
    const leaves = await leavesOf(database, name)
    if (leaves !== null && !(await announce(deps, partition.from.slice(0, 7), leaves))) break
    await drop(database, name, leaves)
    dropped.push(name)
  }
  return dropped
}

/** Tells the log what will be removed. False when that, or what is to be removed, is not signed. */
async function announce({ database, ownLog, checkpointing }: RetentionDeps, month: string, { first, last }: Leaves) {
  await ownLog.record(serviceEvent('audit.pruned', 'success', { month, first_leaf: first, last_leaf: last }))
  const size = await logSize(database)
  return ((await checkpointing.coverAll())?.tree_size ?? 0) >= size
}

/** Monthly partitions in the order of time. */
async function partitionNames(database: Kysely<AuditDatabase>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'audit_events'::regclass and relname <> 'audit_events_default'
    order by relname
  `.execute(database)
  return rows.map(({ name }) => name)
}

async function leavesOf(database: Kysely<AuditDatabase>, name: string): Promise<Leaves | null> {
  const { rows } = await sql<{ first: number | null; last: number | null }>`
    select min(leaf_index) as first, max(leaf_index) as last from ${sql.id(name)}
  `.execute(database)
  const { first = null, last = null } = rows[0] ?? {}
  return first === null || last === null ? null : { first, last }
}

async function drop(database: Kysely<AuditDatabase>, name: string, leaves: Leaves | null): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await lockPartitions(transaction)
    if (leaves !== null) {
      await transaction
        .updateTable('audit_head')
        .set({ first_leaf: leaves.last + 1 })
        .execute()
    }
    await sql`drop table if exists ${sql.id(name)}`.execute(transaction)
  })
}
