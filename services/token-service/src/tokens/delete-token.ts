import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, type Committed, commitChange } from '../changes/record-change.ts'
import { presentPolicyFor } from '../policy/policy-for.ts'
import { lockToken } from './lock-token.ts'
import { statusOfRow } from './row-status.ts'
import { groupsNamed, scopesOfToken } from './scope-rows.ts'
import { authorize } from './token-authority.ts'
import { rightsChange } from './token-change.ts'

/** Removes a token for good; where policy says so, only one that is revoked or expired. */
export function deleteToken(deps: ChangeDeps, id: string, { principal, origin }: Caller): Promise<Committed<null>> {
  return commitChange(deps, async (transaction) => {
    await authorize(transaction, id, principal, 'end')
    const token = await lockToken(transaction, id)
    const status = statusOfRow(token, deps.clock.now())
    if (status === 'active') {
      const groups = groupsNamed(await scopesOfToken(transaction, id))
      const policy = await presentPolicyFor(transaction, { ownerId: token.owner_id, groups })
      if (policy.delete_only_inactive) throw new Fault('conflict', { detail: 'The token is active: revoke it first' })
    }
    const change = await rightsChange(transaction, token, { type: 'token.deleted', origin, details: { status } })
    await transaction.deleteFrom('tokens').where('id', '=', id).execute()
    return { result: null, changes: [change] }
  })
}
