import { type AddScopesBody, MAX_SCOPES_PER_TOKEN, type ScopeList } from '@patgate/contracts'
import type { Scope } from '@patgate/domain'
import { invalidField } from '@patgate/service-kit'
import type { Caller } from '../../authentication/caller.ts'
import type { ChangeDeps } from '../../changes/record-change.ts'
import type { TokenRow, Write } from '../../database/schema.ts'
import { type CommittedOnce, commitOnce } from '../../idempotency/commit-once.ts'
import type { RepeatableCall } from '../../idempotency/repeatable-call.ts'
import { policyFor } from '../../policy/policy-for.ts'
import { type EntityTypes, grantedScopes } from '../granted-scopes.ts'
import { lockGroupsOf, lockToken } from '../lock-token.ts'
import { groupsNamed, insertScopes, scopeBody, scopeDetails, scopesOfToken, setOperations } from '../scope-rows.ts'
import { currentSecret } from '../secrets.ts'
import { authorize } from '../token-authority.ts'
import { rightsChange } from '../token-change.ts'
import { assertEntityTypes, assertLifetime } from '../within-policy.ts'
import { mergeScopes } from './merge-scopes.ts'

export interface AddScopesInput {
  readonly caller: Caller
  readonly id: string
  readonly body: AddScopesBody
  readonly call: RepeatableCall | null
}

/** Gives a token more scopes, under the policy of the groups they name; what is there already changes nothing. */
export function addScopes(
  deps: ChangeDeps & { readonly entityTypes: EntityTypes },
  { caller, id, body, call }: AddScopesInput
): Promise<CommittedOnce<ScopeList>> {
  return commitOnce(deps, call, {
    authorize: (transaction) => authorize(transaction, id, caller.principal, 'empower'),
    work: async (transaction, { ownerId }) => {
      const policy = await policyFor(transaction, { ownerId, groups: groupsNamed(body.scopes) })
      const wished = grantedScopes(body.scopes, deps.entityTypes, await lockGroupsOf(transaction, ownerId))
      assertEntityTypes(policy, wished)
      const token = await lockToken(transaction, id)
      const { issued_at: issuedAt } = await currentSecret(transaction, id)
      assertLifetime(policy, { issuedAtMs: issuedAt.getTime(), expiresAtMs: token.expires_at?.getTime() ?? null })

      const isChanged = await merge(transaction, token, wished, new Date(deps.clock.now()))
      const result = { items: (await scopesOfToken(transaction, id)).map(scopeBody) }
      if (!isChanged) return { result, changes: [] }
      const event = {
        type: 'token.scope_added',
        origin: caller.origin,
        details: { scopes: scopeDetails(wished) }
      } as const
      return { result, changes: [await rightsChange(transaction, token, event)] }
    }
  })
}

async function merge(transaction: Write, token: TokenRow, wished: readonly Scope[], now: Date): Promise<boolean> {
  const present = await scopesOfToken(transaction, token.id)
  const { added, grown } = mergeScopes(present, wished)
  if (present.length + added.length > MAX_SCOPES_PER_TOKEN) {
    throw invalidField('/scopes', `would make more than ${MAX_SCOPES_PER_TOKEN} rows`)
  }
  if (added.length + grown.length === 0) return false
  await insertScopes(transaction, token.id, added)
  for (const scope of grown) await setOperations(transaction, scope.id, scope.operations)
  await transaction.updateTable('tokens').set({ updated_at: now }).where('id', '=', token.id).execute()
  return true
}
