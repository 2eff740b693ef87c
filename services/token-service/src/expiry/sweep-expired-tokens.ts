import { sql } from 'kysely'
import { BY_SERVICE } from '../changes/event.ts'
import { withoutWaiting } from '../changes/patience.ts'
import { type Change, type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { TokenRow, Write } from '../database/schema.ts'

type Expired = Pick<TokenRow, 'id' | 'owner_id' | 'name' | 'expires_at'>

/** Where in the order of expiry a batch ended: the next one looks behind it. */
interface Place {
  readonly expiresAt: Date | null
  readonly id: string
}

const BATCH_SIZE = 500

/**
 * Records `token.expired` once for every token whose time is over. Nothing depends on it: expiry itself is compared
 * with the clock at every decision, so nobody waits until it is in force. Answers how many it recorded.
 */
export async function sweepExpiredTokens(deps: ChangeDeps, signal?: AbortSignal): Promise<number> {
  const until = new Date(deps.clock.now())
  let swept = 0
  let after: Place | null = null
  do {
    const batch: SweptBatch = await sweepBatch(deps, until, after)
    swept += batch.recorded
    after = batch.last
  } while (after !== null && signal?.aborted !== true)
  return swept
}

interface SweptBatch {
  readonly recorded: number
  readonly last: Place | null
}

async function sweepBatch(deps: ChangeDeps, until: Date, after: Place | null): Promise<SweptBatch> {
  const { result } = await withoutWaiting(() =>
    commitChange(deps, async (transaction) => {
      const candidates = await nextCandidates(transaction, until, after)
      const expired = await lockExpired(transaction, candidates, until)
      await markRecorded(transaction, expired, until)
      const last = candidates.length < BATCH_SIZE ? null : placeOf(candidates.at(-1))
      return { result: { recorded: expired.length, last }, changes: expired.map(expiryOf) }
    })
  )
  return result
}

async function markRecorded(transaction: Write, expired: readonly Expired[], at: Date): Promise<void> {
  if (expired.length === 0) return
  await transaction.updateTable('tokens').set({ expiry_recorded_at: at }).where('id', '=', anyOf(expired)).execute()
}

/** In the order of expiry, behind the batch before: what that one has dealt with is not stepped over again. */
function nextCandidates(transaction: Write, until: Date, after: Place | null) {
  return transaction
    .selectFrom('tokens')
    .select(['id', 'expires_at'])
    .where('expires_at', '<=', until)
    .where('expiry_recorded_at', 'is', null)
    .where('revoked_at', 'is', null)
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(expires_at, id) > (${after?.expiresAt}::timestamptz, ${after?.id}::uuid)`)
    )
    .orderBy('expires_at')
    .orderBy('id')
    .limit(BATCH_SIZE)
    .execute()
}

/** Chosen by age, locked by id: whoever locks several tokens does it in the same order. */
async function lockExpired(
  transaction: Write,
  candidates: readonly Pick<Expired, 'id'>[],
  until: Date
): Promise<Expired[]> {
  if (candidates.length === 0) return []
  return transaction
    .selectFrom('tokens')
    .select(['id', 'owner_id', 'name', 'expires_at'])
    .where('id', '=', anyOf(candidates))
    .where('expires_at', '<=', until)
    .where('expiry_recorded_at', 'is', null)
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** One parameter, however many there are: the statement stays the same for every batch. */
function anyOf(tokens: readonly Pick<Expired, 'id'>[]) {
  return sql<string>`any(${tokens.map(({ id }) => id)}::uuid[])`
}

function placeOf(token: { readonly id: string; readonly expires_at: Date | null } | undefined): Place | null {
  return token === undefined ? null : { expiresAt: token.expires_at, id: token.id }
}

/** Nobody's rights change: they ended with the clock. */
function expiryOf(token: Expired): Change {
  const details = { owner_id: token.owner_id, name: token.name, expires_at: token.expires_at?.toISOString() ?? null }
  const target = { type: 'token', id: token.id }
  return { selector: null, event: { type: 'token.expired', origin: BY_SERVICE, target, details } }
}
