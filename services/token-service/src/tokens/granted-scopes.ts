import { type ScopeInput, scopeFromWire } from '@patgate/contracts'
import { ANY, bitsOf, compileScopes, type OperationBits, type Scope, scopesOf } from '@patgate/domain'
import { invalidField } from '@patgate/service-kit'

/** The declared entity types with the operations each has. */
export type EntityTypes = ReadonlyMap<string, OperationBits>

/**
 * Checks wished scopes against the declared entity types and against the groups in which the owner has a role, and
 * answers their normal form: rows of one group, type and id are merged. A group that does not exist and one that is
 * none of the owner's look alike.
 */
export function grantedScopes(
  wished: readonly ScopeInput[],
  entityTypes: EntityTypes,
  groupsOfOwner: ReadonlySet<string>
): Scope[] {
  for (const [index, scope] of wished.entries()) {
    const path = `/scopes/${index}`
    const admitted = entityTypes.get(scope.entity_type)
    if (admitted === undefined) throw invalidField(`${path}/entity_type`, 'is not a declared entity type')
    if ((bitsOf(scope.operations) & ~admitted) !== 0) {
      throw invalidField(`${path}/operations`, `has an operation that ${scope.entity_type} does not have`)
    }
    if (scope.group !== ANY && !groupsOfOwner.has(scope.group)) {
      throw invalidField(`${path}/group`, 'is not a group in which the owner has a role')
    }
  }
  return scopesOf(compileScopes(wished.map(scopeFromWire)))
}
