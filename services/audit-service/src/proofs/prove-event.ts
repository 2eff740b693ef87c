import type { EventProof } from '@patgate/contracts'
import { inclusionRanges } from '@patgate/merkle-log'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../auth/caller.ts'
import { latestCheckpoint } from '../checkpoints/published.ts'
import { type FindEventDeps, findStored } from '../events/find-event.ts'
import { readTree } from '../merkle/read-tiles.ts'

/**
 * Shows that an event is in the log, to whoever may read it; 404 until a checkpoint covers it. The leaf hash is the
 * tree's: whoever verifies hashes the event they were given, and compares.
 */
export async function proveEvent(deps: FindEventDeps, caller: Caller, id: string): Promise<EventProof> {
  const { database } = deps
  const [{ leaf_index: index }, last] = await Promise.all([findStored(deps, caller, id), latestCheckpoint(database)])
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
