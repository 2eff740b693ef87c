import type { EventProof } from '@patgate/contracts'
import { inclusionRanges } from '@patgate/merkle-log'
import { Fault } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import { latestCheckpoint } from '../checkpoints/published.ts'
import type { AuditDatabase } from '../database/schema.ts'
import { isVisible, visibilityOf } from '../events/visibility.ts'
import { readTree } from '../merkle/read-tiles.ts'

export interface ProveEventDeps {
  readonly database: Kysely<AuditDatabase>
}

/**
 * Shows that an event is in the log, to whoever may read it; 404 until a checkpoint covers it. The leaf hash is the
 * tree's: whoever verifies hashes the event they were given, and compares.
 */
export async function proveEvent({ database }: ProveEventDeps, caller: Caller, id: string): Promise<EventProof> {
  const [index, last] = await Promise.all([findLeaf(database, caller, id), latestCheckpoint(database)])
  if (last === null || index >= last.tree_size) {
    throw new Fault('not_found', { detail: 'No checkpoint covers this event yet: try again within a minute' })
  }
  const own = { begin: index, end: index + 1 }
  const tree = await readTree(database, last.tree_size, [own, ...inclusionRanges(index, last.tree_size)])
  return {
    leaf_index: index,
    tree_size: last.tree_size,
    leaf_hash: tree.leaf(index).toString('base64'),
    hashes: tree.inclusionProof(index).map((hash) => hash.toString('base64')),
    checkpoint: last.note
  }
}

async function findLeaf(database: Kysely<AuditDatabase>, caller: Caller, id: string): Promise<number> {
  const row = await database
    .selectFrom('audit_events')
    .select('leaf_index')
    .where('id', '=', id)
    .where(isVisible(visibilityOf(caller)))
    .orderBy('leaf_index')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) throw new Fault('not_found', { detail: 'There is no such event, or it is not yours to see' })
  return row.leaf_index
}
