import type { RevokedToken } from '@patgate/contracts'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import { wholeToken } from './token-body.ts'
import { digestsOf, lockToken } from './token-visibility.ts'

/**
 * Ends a token at once: when this answers, no gateway accepts it any more. Revoking a revoked token changes nothing,
 * and waits all the same (coherence.md, "The promise", 1).
 */
export async function revokeToken(deps: ChangeDeps, id: string, caller: Caller): Promise<RevokedToken> {
  const { principal, origin } = caller
  const { result, propagation } = await commitChange(deps, async (transaction) => {
    const token = await lockToken(transaction, id, principal)
    const nowMs = deps.clock.now()
    if (token.revoked_at !== null) return { result: await wholeToken(transaction, id, nowMs), changes: [] }
    const revokedAt = new Date(nowMs)
    const reason = token.owner_id === principal.user.id ? 'owner' : 'admin'
    await transaction
      .updateTable('tokens')
      .set({ revoked_at: revokedAt, revoked_by: principal.user.id, revoked_reason: reason, updated_at: revokedAt })
      .where('id', '=', id)
      .execute()
    const selector = { digests: await digestsOf(transaction, id) }
    const details = { owner_id: token.owner_id, name: token.name }
    const target = { type: 'token', id }
    return {
      result: await wholeToken(transaction, id, nowMs),
      changes: [{ selector, event: { type: 'token.revoked', origin, target, reason, details } }]
    }
  })
  return { ...result, propagation }
}
