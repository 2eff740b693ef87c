import type { RawBuilder } from 'kysely'
import type { Database } from '../database/schema.ts'

/**
 * Deletes rows in statements of bounded size, each committed by itself, so that nobody waits long behind one. The
 * statement deletes at most `batchSize` rows. Answers how many were deleted.
 */
export async function deleteInBatches(
  database: Database,
  statement: (batchSize: number) => RawBuilder<unknown>,
  signal?: AbortSignal
): Promise<number> {
  let deleted = 0
  for (;;) {
    const { numAffectedRows } = await statement(BATCH_SIZE).execute(database)
    const count = Number(numAffectedRows ?? 0n)
    deleted += count
    if (count < BATCH_SIZE || signal?.aborted === true) return deleted
  }
}

const BATCH_SIZE = 2_000
