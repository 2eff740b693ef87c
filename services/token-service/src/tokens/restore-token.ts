import type { TokenBody } from '@patgate/contracts'
import { isExpired } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import type { TokenRow, Write } from '../database/schema.ts'
import { type CommittedOnce, commitOnce } from '../idempotency/commit-once.ts'
import type { RepeatableCall } from '../idempotency/repeatable-call.ts'
import { presentPolicyFor } from '../policy/policy-for.ts'
import { lockOwner, lockToken } from './lock-token.ts'
import { ADMIN_RANK, restoringRank } from './rank.ts'
import { groupsNamed, scopesOfToken } from './scope-rows.ts'
import { currentSecret } from './secrets.ts'
import { authorize, type Standing } from './token-authority.ts'
import { wholeToken } from './token-body.ts'
import { rightsChange } from './token-change.ts'
import { assertEntityTypes, assertLifetime, assertRoom } from './within-policy.ts'

export interface RestoreTokenInput {
  readonly caller: Caller
  readonly id: string
  readonly call: RepeatableCall | null
}

/**
 * Makes a revoked token work again, with the same secret. Not after its expiry, not where the secret may be in wrong
 * hands (409: regenerate instead), not below the rank of who revoked it (403), and not against policy (403).
 */
export function restoreToken(
  deps: ChangeDeps,
  { caller, id, call }: RestoreTokenInput
): Promise<CommittedOnce<TokenBody>> {
  return commitOnce(deps, call, {
    authorize: (transaction) => authorize(transaction, id, caller.principal, 'restore'),
    work: async (transaction, { ownerId, standing }) => {
      await lockOwner(transaction, ownerId)
      const token = await lockToken(transaction, id)
      const nowMs = deps.clock.now()
      assertRestorable(token, nowMs)
      assertRanksHighEnough(token, standing, caller.principal.user.admin)
      await assertWithinPolicy(transaction, token, nowMs)
      await transaction
        .updateTable('tokens')
        .set({
          revoked_at: null,
          revoked_by: null,
          revoked_reason: null,
          revoked_rank: null,
          updated_at: new Date(nowMs)
        })
        .where('id', '=', id)
        .execute()
      const change = await rightsChange(transaction, token, { type: 'token.restored', origin: caller.origin })
      return { result: await wholeToken(transaction, id, nowMs), changes: [change] }
    }
  })
}

function assertRestorable(token: TokenRow, nowMs: number): void {
  if (token.revoked_at === null) throw new Fault('conflict', { detail: 'The token is not revoked' })
  if (token.revoked_reason === 'leaked' || token.revoked_reason === 'reuse') {
    throw new Fault('conflict', { detail: 'Its secret may be in wrong hands: regenerate the token instead' })
  }
  if (isExpired(token.expires_at?.getTime() ?? null, nowMs)) {
    throw new Fault('conflict', { detail: 'The token has expired: regenerate it instead' })
  }
}

/**
 * Whoever restores ranks at least as high as who revoked. An administrator lifts, of the tokens of others, what an
 * administrator ended and no more: anything else would widen them for somebody else (api.md, "Who may call").
 */
function assertRanksHighEnough(token: TokenRow, standing: Standing, isAdmin: boolean): void {
  const needed = token.revoked_rank ?? ADMIN_RANK
  if (restoringRank(standing, isAdmin) < needed) {
    throw new Fault('forbidden', { detail: 'Somebody of a higher rank revoked this token' })
  }
  if (standing.kind === 'admin' && needed < ADMIN_RANK) {
    throw new Fault('forbidden', { detail: 'Administrators restore only what an administrator revoked' })
  }
}

async function assertWithinPolicy(transaction: Write, token: TokenRow, nowMs: number): Promise<void> {
  const scopes = await scopesOfToken(transaction, token.id)
  const policy = await presentPolicyFor(transaction, { ownerId: token.owner_id, groups: groupsNamed(scopes) })
  const { issued_at: issuedAt } = await currentSecret(transaction, token.id)
  const expiresAtMs = token.expires_at?.getTime() ?? null
  assertLifetime(policy, { issuedAtMs: issuedAt.getTime(), expiresAtMs })
  assertEntityTypes(policy, scopes)
  await assertRoom(transaction, policy, { ownerId: token.owner_id, exceptId: token.id, nowMs })
}
