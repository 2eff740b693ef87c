import { MAX_USAGE_DAYS } from '@patgate/contracts'
import { sql } from 'kysely'
import { deleteInBatches } from '../maintenance/delete-in-batches.ts'
import type { PruneDeps } from '../maintenance/prune-changes.ts'

/** A report can come again as long as the stream may hold it, which is three days. */
const REPORTS_KEPT = sql`interval '7 days'`
const DAY_MS = 86_400_000

/** Deletes counts that nobody can ask for any more: too old, or of tokens that are gone. Answers how many rows. */
export async function pruneUsage({ database, clock }: PruneDeps, signal?: AbortSignal): Promise<number> {
  const oldest = new Date(clock.now() - (MAX_USAGE_DAYS + 1) * DAY_MS).toISOString().slice(0, 10)
  let pruned = 0
  for (const table of ['token_usage', 'token_addresses', 'address_notices'].map((name) => sql.table(name))) {
    const isOver = sql`day < ${oldest} or not exists (select from tokens where tokens.id = counted.token_id)`
    const over = (batchSize: number) => sql`
      delete from ${table} where ctid = any(array(
        select counted.ctid from ${table} counted where ${isOver} limit ${batchSize}
      ))`
    pruned += await deleteInBatches(database, over, signal)
  }
  const reports = (batchSize: number) => sql`
    delete from usage_reports where ctid = any(array(
      select ctid from usage_reports where received_at < now() - ${REPORTS_KEPT} limit ${batchSize}
    ))`
  return pruned + (await deleteInBatches(database, reports, signal))
}
