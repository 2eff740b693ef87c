import { sql } from 'kysely'
import { deleteInBatches } from './delete-in-batches.ts'
import type { PruneDeps } from './prune-changes.ts'

const KEPT_MS = 24 * 60 * 60 * 1000

/** Deletes sessions that ended or expired a day ago; to their bearers they are as dead as before. */
export function pruneSessions({ database, clock }: PruneDeps, signal?: AbortSignal): Promise<number> {
  const before = new Date(clock.now() - KEPT_MS)
  const over = (batchSize: number) => sql`
    delete from sessions where id in (
      select id from sessions where least(ended_at, expires_at) < ${before} limit ${batchSize} for update skip locked
    )`
  return deleteInBatches(database, over, signal)
}
