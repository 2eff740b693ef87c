import { BY_SERVICE } from '../../changes/event.ts'
import { type Change, type ChangeDeps, commitChange } from '../../changes/record-change.ts'
import type { RetiredReason, TokenRow, Write } from '../../database/schema.ts'
import { presentPolicyFor } from '../../policy/policy-for.ts'
import { revoke } from '../revoke-token.ts'
import { statusOfRow } from '../row-status.ts'
import { groupsNamed, scopesOfToken } from '../scope-rows.ts'
import { tokenChange } from '../token-change.ts'

const TELL_EVERY_MS = 60 * 60 * 1000

export interface Reuse {
  readonly tokenId: string
  readonly retiredReason: RetiredReason
}

/**
 * A retired secret was used: two parties hold secrets of one token, and one of them is not its owner's. Tells of it, at
 * most hourly, and revokes the token where policy says so. The secret of a regenerated token ends nothing: it was dead
 * on purpose, and its finder must not have the new one in their hand.
 */
export async function detectReuse(deps: ChangeDeps, { tokenId, retiredReason }: Reuse): Promise<void> {
  await commitChange(deps, async (transaction) => {
    const token = await transaction
      .selectFrom('tokens')
      .selectAll()
      .where('id', '=', tokenId)
      .forUpdate()
      .executeTakeFirst()
    if (token === undefined) return { result: null, changes: [] }
    const now = new Date(deps.clock.now())
    const told = await tell(transaction, token, now)
    const ended = retiredReason === 'rotated' ? await endWherePolicySaysSo(transaction, token, now) : []
    return { result: null, changes: [...told, ...ended] }
  })
}

async function tell(transaction: Write, token: TokenRow, now: Date): Promise<Change[]> {
  const toldAt = token.reuse_detected_at
  if (toldAt !== null && now.getTime() - toldAt.getTime() < TELL_EVERY_MS) return []
  await transaction.updateTable('tokens').set({ reuse_detected_at: now }).where('id', '=', token.id).execute()
  return [tokenChange(token, null, { type: 'token.reuse_detected', origin: BY_SERVICE })]
}

async function endWherePolicySaysSo(transaction: Write, token: TokenRow, now: Date): Promise<Change[]> {
  if (statusOfRow(token, now.getTime()) !== 'active') return []
  const groups = groupsNamed(await scopesOfToken(transaction, token.id))
  const policy = await presentPolicyFor(transaction, { ownerId: token.owner_id, groups })
  if (policy.on_reuse !== 'revoke') return []
  const { change } = await revoke(transaction, token, {
    by: null,
    reason: 'reuse',
    rank: null,
    origin: BY_SERVICE,
    now
  })
  return [change]
}
