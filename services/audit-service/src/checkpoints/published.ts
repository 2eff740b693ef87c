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
