import { type ChangeDeps, type Committed, commitChange } from '../../changes/record-change.ts'
import { lockToken } from '../lock-token.ts'
import { OWNER_RANK } from '../rank.ts'
import { revoke } from '../revoke-token.ts'
import type { TokenCaller } from './token-caller.ts'

/** A token ends itself, in its owner's name: whoever holds it no longer needs it, or fears for it. */
export function revokeSelf(deps: ChangeDeps, { tokenId, ownerId, origin }: TokenCaller): Promise<Committed<null>> {
  return commitChange(deps, async (transaction) => {
    const token = await lockToken(transaction, tokenId)
    if (token.revoked_at !== null) return { result: null, changes: [] }
    const now = new Date(deps.clock.now())
    const { change } = await revoke(transaction, token, { by: ownerId, reason: 'owner', rank: OWNER_RANK, origin, now })
    return { result: null, changes: [change] }
  })
}
