import { Fault } from '@patgate/service-kit'
import type { Caller } from '../../authentication/caller.ts'
import { type ChangeDeps, type Committed, commitChange } from '../../changes/record-change.ts'
import { lockToken } from '../lock-token.ts'
import { deleteScopes, scopeDetails, scopesOfToken } from '../scope-rows.ts'
import { authorize } from '../token-authority.ts'
import { rightsChange } from '../token-change.ts'

export interface RemoveScopesInput {
  readonly caller: Caller
  readonly id: string
  /** Which one; null for all. One that the token does not have: 404. */
  readonly scopeId: string | null
}

/** Takes scopes away: when this answers, the token may do that nowhere any more. Without any it may do nothing. */
export function removeScopes(deps: ChangeDeps, { caller, id, scopeId }: RemoveScopesInput): Promise<Committed<null>> {
  return commitChange(deps, async (transaction) => {
    await authorize(transaction, id, caller.principal, 'change')
    const token = await lockToken(transaction, id)
    const present = await scopesOfToken(transaction, id)
    const removed = scopeId === null ? present : present.filter((scope) => scope.id === scopeId)
    if (removed.length === 0 && scopeId !== null) throw new Fault('not_found', { detail: 'There is no such scope' })
    if (removed.length === 0) return { result: null, changes: [] }
    await deleteScopes(
      transaction,
      removed.map((scope) => scope.id)
    )
    const now = new Date(deps.clock.now())
    await transaction.updateTable('tokens').set({ updated_at: now }).where('id', '=', id).execute()
    const details = { scopes: scopeDetails(removed) }
    const change = await rightsChange(transaction, token, {
      type: 'token.scope_removed',
      origin: caller.origin,
      details
    })
    return { result: null, changes: [change] }
  })
}
