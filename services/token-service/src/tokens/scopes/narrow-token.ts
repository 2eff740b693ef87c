import type { NarrowTokenBody, TokenBody } from '@patgate/contracts'
import { compileScopes, isWithin, type Scope } from '@patgate/domain'
import { invalidField } from '@patgate/service-kit'
import type { Caller } from '../../authentication/caller.ts'
import type { ChangeDeps } from '../../changes/record-change.ts'
import type { Write } from '../../database/schema.ts'
import { type CommittedOnce, commitOnce } from '../../idempotency/commit-once.ts'
import type { RepeatableCall } from '../../idempotency/repeatable-call.ts'
import { type EntityTypes, grantedScopes } from '../granted-scopes.ts'
import { lockGroupsOf, lockToken } from '../lock-token.ts'
import {
  deleteScopes,
  groupsNamed,
  insertScopes,
  type StoredScope,
  scopeDetails,
  scopesOfToken,
  setOperations
} from '../scope-rows.ts'
import { authorize } from '../token-authority.ts'
import { wholeToken } from '../token-body.ts'
import { rightsChange } from '../token-change.ts'
import { addressOf } from './merge-scopes.ts'

export interface NarrowTokenInput {
  readonly caller: Caller
  readonly id: string
  readonly body: NarrowTokenBody
  readonly call: RepeatableCall | null
}

/** Replaces a token's scopes by a subset of what they allow; anything wider: 400, and nothing has changed. */
export function narrowToken(
  deps: ChangeDeps & { readonly entityTypes: EntityTypes },
  { caller, id, body, call }: NarrowTokenInput
): Promise<CommittedOnce<TokenBody>> {
  return commitOnce(deps, call, {
    authorize: (transaction) => authorize(transaction, id, caller.principal, 'change'),
    work: async (transaction, { ownerId }) => {
      const groupsOfOwner = await lockGroupsOf(transaction, ownerId)
      const token = await lockToken(transaction, id)
      const present = await scopesOfToken(transaction, id)
      // What the token names already may stay, even where its owner has lost the role since.
      const knownGroups = new Set([...groupsOfOwner, ...groupsNamed(present)])
      const wished = grantedScopes(body.scopes, deps.entityTypes, knownGroups)
      if (!isWithin(compileScopes(wished), compileScopes(present))) {
        throw invalidField('/scopes', 'allow something that the token may not do now')
      }
      const nowMs = deps.clock.now()
      if (!(await replace(transaction, id, present, wished))) {
        return { result: await wholeToken(transaction, id, nowMs), changes: [] }
      }
      await transaction
        .updateTable('tokens')
        .set({ updated_at: new Date(nowMs) })
        .where('id', '=', id)
        .execute()
      const details = { before: scopeDetails(present), after: scopeDetails(wished) }
      const change = await rightsChange(transaction, token, {
        type: 'token.scope_removed',
        origin: caller.origin,
        details
      })
      return { result: await wholeToken(transaction, id, nowMs), changes: [change] }
    }
  })
}

/** Rows of the same group, type and id keep their own id. Answers whether anything is different now. */
async function replace(
  transaction: Write,
  tokenId: string,
  present: readonly StoredScope[],
  wished: readonly Scope[]
): Promise<boolean> {
  const wishedAt = new Map(wished.map((scope) => [addressOf(scope), scope]))
  const presentAt = new Set(present.map(addressOf))
  const dropped = present.filter((scope) => !wishedAt.has(addressOf(scope)))
  const added = wished.filter((scope) => !presentAt.has(addressOf(scope)))
  const shrunk = present.flatMap(({ id, ...scope }) => {
    const operations = wishedAt.get(addressOf(scope))?.operations ?? scope.operations
    return operations.join() === scope.operations.join() ? [] : [{ id, operations }]
  })
  await deleteScopes(
    transaction,
    dropped.map(({ id }) => id)
  )
  await insertScopes(transaction, tokenId, added)
  for (const { id, operations } of shrunk) await setOperations(transaction, id, operations)
  return dropped.length + added.length + shrunk.length > 0
}
