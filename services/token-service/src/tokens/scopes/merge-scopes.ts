import { bitsOf, operationsOf, type Scope } from '@patgate/domain'
import type { StoredScope } from '../scope-rows.ts'

export interface MergedScopes {
  /** Rows that are new. */
  readonly added: readonly Scope[]
  /** Rows that are there and hold more operations now. */
  readonly grown: readonly StoredScope[]
}

/**
 * What adding scopes to those that are there comes to: rows of the same group, type and id become one with all their
 * operations, and keep the older id; a row with `*` leaves the narrower ones alone (api.md, "Tokens").
 */
export function mergeScopes(present: readonly StoredScope[], wished: readonly Scope[]): MergedScopes {
  const byAddress = new Map(present.map((scope) => [addressOf(scope), scope]))
  const added: Scope[] = []
  const grown: StoredScope[] = []
  for (const scope of wished) {
    const there = byAddress.get(addressOf(scope))
    if (there === undefined) added.push(scope)
    else if ((bitsOf(scope.operations) & ~bitsOf(there.operations)) !== 0) {
      grown.push({ ...there, operations: operationsOf(bitsOf(scope.operations) | bitsOf(there.operations)) })
    }
  }
  return { added, grown }
}

export function addressOf({ group, entityType, entityId }: Scope): string {
  return JSON.stringify([group, entityType, entityId])
}
