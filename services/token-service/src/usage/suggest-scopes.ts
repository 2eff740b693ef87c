import {
  ANY,
  type Ask,
  bitOf,
  bitsOf,
  compileScopes,
  matchingScope,
  NO_OPERATIONS,
  type OperationBits,
  operationsOf,
  type Scope,
  scopesOf
} from '@patgate/domain'

/** A granted scope, the operations of it that were used, and on what exactly. */
interface UsedScope {
  readonly granted: Scope
  bits: OperationBits
  readonly asks: Ask[]
}

/**
 * The narrowest scopes that still cover everything that was used and is granted now; never more than is granted. One
 * scope for each entity that was used, unless that would be more than `atMost`: then the scopes with the most entities
 * stay as they were granted, with only the operations that were used.
 */
export function suggestScopes(granted: readonly Scope[], used: Iterable<Ask>, atMost: number): Scope[] {
  const usedScopes = [...assign(granted, used)].sort((one, other) => other.asks.length - one.asks.length)
  for (let kept = 0; kept <= usedScopes.length; kept++) {
    const whole = usedScopes.slice(0, kept).map(({ granted, bits }) => ({ ...granted, operations: operationsOf(bits) }))
    const exact = usedScopes.slice(kept).flatMap(({ asks }) => asks.map(scopeOfAsk))
    const suggestion = scopesOf(compileScopes([...whole, ...exact]))
    if (suggestion.length <= atMost) return suggestion
  }
  return scopesOf(compileScopes(granted))
}

/** Granted scopes with only those operations that nothing used; a scope that was used whole is left out. */
export function unusedScopes<S extends Scope>(granted: readonly S[], used: Iterable<Ask>): S[] {
  const usedBits = new Map(assign(granted, used).map((scope) => [scope.granted, scope.bits]))
  return granted.flatMap((scope) => {
    const left = bitsOf(scope.operations) & ~(usedBits.get(scope) ?? NO_OPERATIONS)
    return left === NO_OPERATIONS ? [] : [{ ...scope, operations: operationsOf(left) }]
  })
}

/** Which granted scope each use went by: the one that decided, which is the narrowest that covers it. */
function assign<S extends Scope>(granted: readonly S[], used: Iterable<Ask>): UsedScope[] {
  const set = compileScopes(granted)
  const byScope = new Map<string, UsedScope>(
    granted.map((scope) => [keyOf(scope), { granted: scope, bits: NO_OPERATIONS, asks: [] }])
  )
  for (const ask of used) {
    const match = matchingScope(set, ask)
    const deciding = match === null ? couldHaveDecided(byScope, ask) : [byScope.get(keyOf(match))]
    for (const scope of deciding) {
      if (scope === undefined) continue
      scope.bits |= bitOf(ask.operation)
      scope.asks.push(match === null ? { ...scope.granted, operation: ask.operation } : ask)
    }
  }
  return [...byScope.values()].filter(({ bits }) => bits !== NO_OPERATIONS)
}

/**
 * `*` among the used entities may stand for many that were not counted apart. Where no scope on `*` covers it, any
 * scope on a single entity may have been the one, and all of them are kept.
 */
function couldHaveDecided(byScope: ReadonlyMap<string, UsedScope>, ask: Ask): UsedScope[] {
  if (ask.entityId !== ANY) return []
  return [...byScope.values()].filter(
    ({ granted }) =>
      granted.entityType === ask.entityType &&
      (granted.group === ask.group || granted.group === ANY) &&
      granted.operations.includes(ask.operation)
  )
}

function scopeOfAsk({ group, entityType, entityId, operation }: Ask): Scope {
  return { group, entityType, entityId, operations: [operation] }
}

function keyOf({ group, entityType, entityId }: Omit<Ask, 'operation'>): string {
  return `${group}\n${entityType}\n${entityId}`
}
