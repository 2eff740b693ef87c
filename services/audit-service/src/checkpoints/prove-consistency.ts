import type { ConsistencyBody, ConsistencyQuery } from '@patgate/contracts'
import { consistencyRanges } from '@patgate/merkle-log'
import { Fault, invalidField } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import { readTree } from '../merkle/read-tiles.ts'
import { latestCheckpoint } from './published.ts'

export interface ProveConsistencyDeps {
  readonly database: Kysely<AuditDatabase>
}

/** Shows that the log of `first` events is the beginning of that of `second`; 404 for what no checkpoint covers yet. */
export async function proveConsistency(
  { database }: ProveConsistencyDeps,
  { first, second }: ConsistencyQuery
): Promise<ConsistencyBody> {
  if (first > second) throw invalidField('/first', 'is larger than second')
  const last = await latestCheckpoint(database)
  if (last === null || second > last.tree_size) {
    throw new Fault('not_found', { detail: `No checkpoint covers ${second} events yet` })
  }
  const tree = await readTree(database, second, consistencyRanges(first, second))
  return { first, second, hashes: tree.consistencyProof(first).map((hash) => hash.toString('base64')) }
}
