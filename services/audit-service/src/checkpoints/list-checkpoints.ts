import type { CheckpointPage } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'

export interface ListCheckpointsDeps {
  readonly database: Kysely<AuditDatabase>
}

const DEFAULT_LIMIT = 50

/** Checkpoints, the newest first. The cursor is the size of the last one on the page before. */
export async function listCheckpoints(
  { database }: ListCheckpointsDeps,
  { limit = DEFAULT_LIMIT, cursor }: { limit?: number; cursor?: string }
): Promise<CheckpointPage> {
  const rows = await database
    .selectFrom('audit_checkpoints')
    .selectAll()
    .where('tree_size', '<', sizeBefore(cursor))
    .orderBy('tree_size', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit).map(({ tree_size, root, created_at, note }) => ({
    tree_size,
    root_hash: root.toString('base64'),
    created_at: created_at.toISOString(),
    checkpoint: note
  }))
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last !== undefined ? String(last.tree_size) : null }
}

function sizeBefore(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER
  const size = /^[0-9]{1,16}$/.test(cursor) ? Number(cursor) : Number.NaN
  if (!Number.isSafeInteger(size)) throw invalidField('/cursor', 'is not a cursor of this list')
  return size
}
