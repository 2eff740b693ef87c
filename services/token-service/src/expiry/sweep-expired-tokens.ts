import { BY_SERVICE } from '../changes/event.ts'
import { type Change, type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { TokenRow, Write } from '../database/schema.ts'

const BATCH_SIZE = 500

/**
 * Records `token.expired` once for every token whose time is over. Nothing depends on it: expiry itself is compared
 * with the clock at every decision. Answers how many it recorded.
 */
export async function sweepExpiredTokens(deps: ChangeDeps): Promise<number> {
  let swept = 0
  for (;;) {
    const { result } = await commitChange(deps, async (transaction) => {
      const now = new Date(deps.clock.now())
      const expired = await lockExpired(transaction, now)
      await markRecorded(transaction, expired, now)
      return { result: expired.length, changes: expired.map(expiryOf) }
    })
    swept += result
    if (result < BATCH_SIZE) return swept
  }
}

/** Chosen by age, locked by id: whoever locks several tokens does it in the same order. */
async function lockExpired(transaction: Write, now: Date): Promise<TokenRow[]> {
  const candidates = await transaction
    .selectFrom('tokens')
    .select('id')
    .where('expires_at', '<=', now)
    .where('expiry_recorded_at', 'is', null)
    .where('revoked_at', 'is', null)
    .orderBy('expires_at')
    .limit(BATCH_SIZE)
    .execute()
  if (candidates.length === 0) return []
  const ids = candidates.map(({ id }) => id)
  return transaction
    .selectFrom('tokens')
    .selectAll()
    .where('id', 'in', ids)
    .where('expires_at', '<=', now)
    .where('expiry_recorded_at', 'is', null)
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
}

async function markRecorded(transaction: Write, tokens: readonly TokenRow[], now: Date): Promise<void> {
  if (tokens.length === 0) return
  const ids = tokens.map(({ id }) => id)
  await transaction.updateTable('tokens').set({ expiry_recorded_at: now }).where('id', 'in', ids).execute()
}

/** Nobody's rights change: they ended with the clock. */
function expiryOf(token: TokenRow): Change {
  const details = { owner_id: token.owner_id, name: token.name, expires_at: token.expires_at?.toISOString() ?? null }
  const target = { type: 'token', id: token.id }
  return { selector: null, event: { type: 'token.expired', origin: BY_SERVICE, target, details } }
}
