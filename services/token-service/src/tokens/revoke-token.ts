import type { RevokedReason, RevokedToken, TokenBody } from '@patgate/contracts'
import { prepared } from '@patgate/database'
import { sql } from 'kysely'
import type { Caller } from '../authentication/caller.ts'
import type { Origin } from '../changes/event.ts'
import type { Change, ChangeDeps } from '../changes/record-change.ts'
import type { TokenRow, Write } from '../database/schema.ts'
import { commitOnce } from '../idempotency/commit-once.ts'
import type { RepeatableCall } from '../idempotency/repeatable-call.ts'
import { lockToken } from './lock-token.ts'
import { revokingRank } from './rank.ts'
import { authorize, type Standing } from './token-authority.ts'
import { type FullToken, selectTokens, tokenBody, wholeToken } from './token-body.ts'
import { tokenChange } from './token-change.ts'

export interface RevokeTokenInput {
  readonly caller: Caller
  readonly id: string
  readonly call: RepeatableCall | null
}

/**
 * Ends a token at once: when this answers, no gateway accepts it any more. Revoking a revoked token changes nothing,
 * and waits all the same (coherence.md, "The promise", 1).
 */
export async function revokeToken(
  deps: ChangeDeps,
  { caller, id, call }: RevokeTokenInput
): Promise<{ result: RevokedToken; isReplay: boolean }> {
  const { result, isReplay, propagation } = await commitOnce(deps, call, {
    authorize: (transaction) => authorize(transaction, id, caller.principal, 'end'),
    work: async (transaction, { standing }) => {
      const token = await lockToken(transaction, id)
      const nowMs = deps.clock.now()
      if (token.revoked_at !== null) return { result: await wholeToken(transaction, id, nowMs), changes: [] }
      const { body, change } = await revoke(transaction, token, {
        by: caller.principal.user.id,
        reason: reasonFor(standing),
        rank: revokingRank(standing),
        origin: caller.origin,
        now: new Date(nowMs)
      })
      return { result: body, changes: [change] }
    }
  })
  return { result: { ...result, propagation }, isReplay }
}

export interface Revocation {
  /** Null where nobody in particular asked for it. */
  readonly by: string | null
  readonly reason: RevokedReason
  readonly rank: number | null
  readonly origin: Origin
  readonly now: Date
}

/** A token that was just revoked, and the change that tells everybody who remembers one of its secrets. */
export interface Revoked {
  readonly body: TokenBody
  readonly change: Change
}

/**
 * Revokes a token whose row is locked. All in the one statement that comes after the lock: a secret that was minted until
 * then is among the digests.
 */
export async function revoke(transaction: Write, token: TokenRow, revocation: Revocation): Promise<Revoked> {
  const { by, reason, rank, origin, now } = revocation
  const { rows } = await sql<FullToken & { digests: string[] }>`${prepared('revoke-token')}
    with revoked as (
      update tokens set
        revoked_at = ${now}, revoked_by = ${by}, revoked_reason = ${reason}, revoked_rank = ${rank}, updated_at = ${now}
      where id = ${token.id}
      returning *
    ), whole as (${selectTokens(now.getTime(), sql``, sql.table('revoked'))})
    select whole.*, array(select encode(digest, 'hex') from secrets where token_id = whole.id) as digests from whole`.execute(
    transaction
  )
  const [row] = rows
  if (row === undefined) throw new Error(`the token ${token.id} is locked and not there`)
  const event = { type: 'token.revoked', origin, reason } as const
  return { body: tokenBody(row, now.getTime()), change: tokenChange(token, { digests: row.digests }, event) }
}

function reasonFor({ kind }: Standing): 'owner' | 'manager' | 'admin' {
  return kind === 'watcher' ? 'manager' : kind
}
