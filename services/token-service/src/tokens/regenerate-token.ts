import type { RegenerateTokenBody, TokenWithSecret } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'
import { mintToken } from '@patgate/token-format'
import type { Caller } from '../authentication/caller.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { type CommittedOnce, commitOnce } from '../idempotency/commit-once.ts'
import type { RepeatableCall } from '../idempotency/repeatable-call.ts'
import { presentPolicyFor } from '../policy/policy-for.ts'
import { lockOwner, lockToken } from './lock-token.ts'
import { groupsNamed, scopesOfToken } from './scope-rows.ts'
import { issueSecret, retireEverySecret, withSecret } from './secrets.ts'
import { authorize } from './token-authority.ts'
import { wholeToken } from './token-body.ts'
import { rightsChange } from './token-change.ts'
import { assertExpiryWish, expiryOf } from './token-expiry.ts'
import { assertEntityTypes, assertRoom } from './within-policy.ts'

export interface RegenerateTokenInput {
  readonly caller: Caller
  readonly id: string
  readonly body: RegenerateTokenBody
  readonly call: RepeatableCall | null
}

/**
 * A new secret and a new expiry for a token of whatever status: same id, name, description and scopes. The old secrets
 * are dead when this answers; where it fails, nothing has changed.
 */
export async function regenerateToken(
  deps: ChangeDeps & { readonly tokenPrefix: string },
  { caller, id, body, call }: RegenerateTokenInput
): Promise<CommittedOnce<TokenWithSecret>> {
  if (body.expires_in === undefined && body.expires_at === undefined) {
    throw invalidField('/expires_in', 'is required, or expires_at')
  }
  assertExpiryWish(body, deps.clock.now())
  const { tokenPrefix } = deps
  const secret = mintToken(tokenPrefix)
  const committed = await commitOnce(deps, call, {
    authorize: (transaction) => authorize(transaction, id, caller.principal, 'empower'),
    work: async (transaction, { ownerId }) => {
      await lockOwner(transaction, ownerId)
      const token = await lockToken(transaction, id)
      const nowMs = deps.clock.now()
      const now = new Date(nowMs)
      const scopes = await scopesOfToken(transaction, id)
      const policy = await presentPolicyFor(transaction, { ownerId, groups: groupsNamed(scopes) })
      const expiresAt = expiryOf(body, policy, nowMs)
      assertEntityTypes(policy, scopes)
      await assertRoom(transaction, policy, { ownerId, exceptId: id, nowMs })

      await retireEverySecret(transaction, id, now)
      await issueSecret(transaction, { tokenId: id, secret, tokenPrefix, now })
      await transaction
        .updateTable('tokens')
        .set({
          expires_at: expiresAt,
          expiry_recorded_at: null,
          revoked_at: null,
          revoked_by: null,
          revoked_reason: null,
          revoked_rank: null,
          updated_at: now
        })
        .where('id', '=', id)
        .execute()
      const details = { expires_at: expiresAt?.toISOString() ?? null }
      const change = await rightsChange(transaction, token, {
        type: 'token.regenerated',
        origin: caller.origin,
        details
      })
      return { result: await wholeToken(transaction, id, nowMs), changes: [change] }
    }
  })
  return withSecret(committed, secret)
}
