import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'

/** A checkpoint as the table has it. */
export interface PublishedCheckpoint {
  readonly tree_size: number
  readonly root: Buffer
  readonly note: string
  readonly created_at: Date
}

/** The checkpoint that covers most; null before the first one. */
export async function latestCheckpoint(database: Kysely<AuditDatabase>): Promise<PublishedCheckpoint | null> {
  const row = await database
    .selectFrom('audit_checkpoints')
    .selectAll()
    .orderBy('tree_size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** How many events are stored. */
export async function logSize(database: Kysely<AuditDatabase>): Promise<number> {
  const { size } = await database.selectFrom('audit_head').select('size').executeTakeFirstOrThrow()
  return size
}

/** There is at most one checkpoint in this time (audit.md, "The Merkle log"). */
export const AT_MOST_EVERY_MS = 1_000

/**
 * How long ago a checkpoint was made. One that claims to be from the future is as old as can be: whoever owns the table
 * must not be able to put off the next one.
 */
export function ageMs(checkpoint: Pick<PublishedCheckpoint, 'created_at'> | null, nowMs: number): number {
  const age = checkpoint === null ? Number.POSITIVE_INFINITY : nowMs - checkpoint.created_at.getTime()
  return age < 0 ? Number.POSITIVE_INFINITY : age
}
