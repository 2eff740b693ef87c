import type { Clock } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import { deleteInBatches } from './delete-in-batches.ts'

export interface PruneDeps {
  readonly database: Database
  readonly clock: Clock
}

const KEPT_MS = 10 * 60 * 1000

/**
 * Deletes rows of the change log that are relayed **and** older than ten minutes (coherence.md, "Change log"): always
 * the beginning of the log and never a part behind something that is still needed.
 */
export function pruneChanges({ database, clock }: PruneDeps, signal?: AbortSignal): Promise<number> {
  const before = new Date(clock.now() - KEPT_MS)
  const oldest = (batchSize: number) => sql`
    delete from changes where seq in (
      select seq from (select seq, at, relayed_at from changes order by seq limit ${batchSize}) oldest
      where at < ${before} and relayed_at is not null
        and seq < (select coalesce(min(seq), ${Number.MAX_SAFE_INTEGER}) from changes where relayed_at is null)
    )`
  return deleteInBatches(database, oldest, signal)
}
