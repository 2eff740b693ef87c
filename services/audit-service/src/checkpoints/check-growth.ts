import { type Checkpoint, consistencyRanges, isConsistent, MissingHash, type TiledTree } from '@patgate/merkle-log'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import { readTree } from '../merkle/read-tiles.ts'
import type { Finding } from './finding.ts'

/** The tree of this size, with all that its root and a proof of consistency with `first` leaves need. */
export function readGrowth(database: Kysely<AuditDatabase>, first: number, size: number): Promise<TiledTree> {
  return readTree(database, size, [{ begin: 0, end: size }, ...consistencyRanges(Math.min(first, size), size)])
}

/** Whether this tree is what the checkpoint's became; null when it is. */
export function checkGrowth(tree: TiledTree, last: Pick<Checkpoint, 'size' | 'root'>): Finding | null {
  if (tree.size < last.size) {
    return { code: 'log_shrank', message: `the log is smaller than the ${last.size} events of its last checkpoint` }
  }
  try {
    const claim = { firstSize: last.size, secondSize: tree.size, firstRoot: last.root, secondRoot: tree.root() }
    if (isConsistent(claim, tree.consistencyProof(last.size))) return null
  } catch (error) {
    if (!(error instanceof MissingHash)) throw error
    return { code: 'tile_damaged', message: error.message }
  }
  const message = `the log is not what it was when its checkpoint of ${last.size} events was signed`
  return { code: 'not_consistent', message }
}
