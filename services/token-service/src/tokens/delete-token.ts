import { statusOf } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, type Committed, commitChange } from '../changes/record-change.ts'
import { BUILT_IN_POLICY } from './instance-policy.ts'
import { digestsOf, lockToken } from './token-visibility.ts'

/** Removes a token for good; where policy says so, only one that is revoked or expired. */
export function deleteToken(deps: ChangeDeps, id: string, { principal, origin }: Caller): Promise<Committed<null>> {
  return commitChange(deps, async (transaction) => {
    const token = await lockToken(transaction, id, principal)
    const status = statusOf(
      { expiresAtMs: token.expires_at?.getTime() ?? null, revokedAtMs: token.revoked_at?.getTime() ?? null },
      deps.clock.now()
    )
    if (status === 'active' && BUILT_IN_POLICY.delete_only_inactive) {
      throw new Fault('conflict', { detail: 'The token is active: revoke it first' })
    }
    const selector = { digests: await digestsOf(transaction, id) }
    await transaction.deleteFrom('tokens').where('id', '=', id).execute()
    const details = { owner_id: token.owner_id, name: token.name, status }
    const target = { type: 'token', id }
    return { result: null, changes: [{ selector, event: { type: 'token.deleted', origin, target, details } }] }
  })
}
