import type { TokenBody, TokenWithSecret } from '@patgate/contracts'
import { prepared } from '@patgate/database'
import { digestOf, hintOf } from '@patgate/token-format'
import { sql } from 'kysely'
import type { RetiredReason, Write } from '../database/schema.ts'
import type { CommittedOnce } from '../idempotency/commit-once.ts'

/** How many retired digests are kept, so that their use can be told from a random guess (api.md, `rotate`). */
export const RETIRED_KEPT = 10

/** Stores the digest of a secret that was just minted as the token's current one; answers the digest. */
export async function issueSecret(transaction: Write, { tokenId, secret, tokenPrefix, now }: Issue): Promise<Buffer> {
  const digest = digestOf(secret)
  const hint = hintOf(secret, tokenPrefix)
  await transaction.insertInto('secrets').values({ digest, token_id: tokenId, hint, issued_at: now }).execute()
  return digest
}

export interface Issue {
  readonly tokenId: string
  readonly secret: string
  readonly tokenPrefix: string
  readonly now: Date
}

/** The secret that a token has now. */
export function currentSecret(transaction: Write, tokenId: string) {
  return transaction
    .selectFrom('secrets')
    .selectAll()
    .where('token_id', '=', tokenId)
    .where('retired_at', 'is', null)
    .executeTakeFirstOrThrow()
}

export interface Retirement {
  readonly tokenId: string
  readonly reason: RetiredReason
  readonly now: Date
  /** Until when the current secret still works. */
  readonly retiresAt: Date
}

/** Retires the current secret. It is the only retired one that still works: earlier overlaps end now. */
export async function retireCurrentSecret(transaction: Write, retirement: Retirement): Promise<void> {
  await cutOverlaps(transaction, retirement.tokenId)
  await retire(transaction, retirement)
}

/** A secret whose answer may have been lost makes room for another; the overlap of the one before it goes on. */
export async function replaceCurrentSecret(transaction: Write, tokenId: string, now: Date): Promise<void> {
  await retire(transaction, { tokenId, reason: 'replaced', now, retiresAt: now })
}

/**
 * Retires all that a token ever had, at once. Their use is told of from now on, but ends nothing: the new secret would
 * be at the mercy of whoever holds an old one.
 */
export async function retireEverySecret(transaction: Write, tokenId: string, now: Date): Promise<void> {
  await retireCurrentSecret(transaction, { tokenId, reason: 'regenerated', now, retiresAt: now })
  await transaction
    .updateTable('secrets')
    .set({ retired_reason: 'regenerated' })
    .where('token_id', '=', tokenId)
    .execute()
}

/**
 * A secret without an overlap gets the same time twice: that says that it is dead, whatever anybody's clock says. The
 * oldest are forgotten first, so that the one retired now is still there to be named in the change.
 */
async function retire(transaction: Write, { tokenId, reason, now, retiresAt }: Retirement): Promise<void> {
  await forgetOldest(transaction, tokenId)
  await transaction
    .updateTable('secrets')
    .set({ retired_at: now, retires_at: retiresAt, retired_reason: reason })
    .where('token_id', '=', tokenId)
    .where('retired_at', 'is', null)
    .execute()
}

/** Makes room for one more among the last ten retired secrets; what still works stays, for it retires last. */
async function forgetOldest(transaction: Write, tokenId: string): Promise<void> {
  const kept = transaction
    .selectFrom('secrets')
    .select('digest')
    .where('token_id', '=', tokenId)
    .where('retired_at', 'is not', null)
    .orderBy('retires_at', 'desc')
    .orderBy('retired_at', 'desc')
    .orderBy('issued_at', 'desc')
    .limit(RETIRED_KEPT - 1)
  await transaction
    .deleteFrom('secrets')
    .where('token_id', '=', tokenId)
    .where('retired_at', 'is not', null)
    .where('digest', 'not in', kept)
    .execute()
}

/** No secret retired before works any more, by whatever clock: see `retire`. */
async function cutOverlaps(transaction: Write, tokenId: string): Promise<void> {
  await transaction
    .updateTable('secrets')
    .set((eb) => ({ retires_at: eb.ref('retired_at') }))
    .where('token_id', '=', tokenId)
    .whereRef('retires_at', '>', 'retired_at')
    .execute()
}

/** No retired secret works beyond this time. */
export async function endOverlaps(transaction: Write, tokenId: string, at: Date): Promise<void> {
  await transaction
    .updateTable('secrets')
    .set({ retires_at: at })
    .where('token_id', '=', tokenId)
    .where('retires_at', '>', at)
    .execute()
}

/** The digests of every secret a token still has, as selectors of the change log name them. */
export async function digestsOf(transaction: Write, tokenId: string): Promise<string[]> {
  const { rows } = await sql<{ digest: string }>`${prepared('digests-of-token')}
    select encode(digest, 'hex') as digest from secrets where token_id = ${tokenId}`.execute(transaction)
  return rows.map(({ digest }) => digest)
}

/** The answer with the secret in it, once: a replay has none, because none was kept. */
export function withSecret(committed: CommittedOnce<TokenBody>, secret: string): CommittedOnce<TokenWithSecret> {
  return { ...committed, result: { ...committed.result, secret: committed.isReplay ? null : secret } }
}
