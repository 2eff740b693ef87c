import { bitOf, bitsOf, NO_OPERATIONS, type OperationBits, operationsOf } from './operations.ts'
import { ANY, type Ask, type Scope } from './scope.ts'

type IdsOfType = Map<string, OperationBits>
type TypesOfGroup = Map<string, IdsOfType>

/**
 * Scopes compiled for deciding: a bit set of operations per group, entity type and entity id.
 * A decision is at most four look-ups and a bit test, and allocates nothing.
 */
export type ScopeSet = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, OperationBits>>>

export const EMPTY_SCOPE_SET: ScopeSet = new Map()

/** Compiles scopes; rows of the same group, type and id merge their operations. */
export function compileScopes(scopes: Iterable<Scope>): ScopeSet {
  const set = new Map<string, TypesOfGroup>()
  for (const { group, entityType, entityId, operations } of scopes) {
    const bits = bitsOf(operations)
    if (bits === NO_OPERATIONS) continue
    const types = entry(set, group, newTypes)
    const ids = entry(types, entityType, newIds)
    ids.set(entityId, (ids.get(entityId) ?? NO_OPERATIONS) | bits)
  }
  return set
}

/** The scopes of a set, one per group, type and id, sorted: the normal form of a list of scopes. */
export function scopesOf(set: ScopeSet): Scope[] {
  const scopes: Scope[] = []
  for (const [group, types] of set) {
    for (const [entityType, ids] of types) {
      for (const [entityId, bits] of ids) scopes.push({ group, entityType, entityId, operations: operationsOf(bits) })
    }
  }
  return scopes.sort(byAddress)
}

/** True when some scope of the set covers what is asked; `*` covers every group or entity. */
export function covers(set: ScopeSet, ask: Ask): boolean {
  return matchingScope(set, ask) !== null
}

/** The scope that covers what is asked, the narrowest first; null when none does. */
export function matchingScope(set: ScopeSet, ask: Ask): Ask | null {
  const bit = bitOf(ask.operation)
  return matchIn(set, ask.group, ask, bit) ?? (ask.group === ANY ? null : matchIn(set, ANY, ask, bit))
}

/** True when everything `inner` allows, `outer` allows too: what `narrow` demands. */
export function isWithin(inner: ScopeSet, outer: ScopeSet): boolean {
  for (const scope of scopesOf(inner)) {
    for (const operation of scope.operations) {
      if (!covers(outer, { ...scope, operation })) return false
    }
  }
  return true
}

function matchIn(set: ScopeSet, group: string, ask: Ask, bit: OperationBits): Ask | null {
  const ids = set.get(group)?.get(ask.entityType)
  if (ids === undefined) return null
  const onEntity = ids.get(ask.entityId)
  if (onEntity !== undefined && (onEntity & bit) !== 0) return { ...ask, group }
  const onAll = ids.get(ANY)
  if (onAll !== undefined && (onAll & bit) !== 0) return { ...ask, group, entityId: ANY }
  return null
}

function entry<V>(map: Map<string, V>, key: string, create: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const created = create()
  map.set(key, created)
  return created
}

const newTypes = (): TypesOfGroup => new Map()
const newIds = (): IdsOfType => new Map()

function byAddress(one: Scope, other: Scope): number {
  return (
    compare(one.group, other.group) ||
    compare(one.entityType, other.entityType) ||
    compare(one.entityId, other.entityId)
  )
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
