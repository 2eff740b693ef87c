import { type Snapshot, scopeFromWire } from '@patgate/contracts'
import {
  ANY,
  bitsOf,
  compileScopes,
  effectiveRole,
  operationsOf,
  type RoleLadder,
  type Scope,
  scopesOf
} from '@patgate/domain'
import { isCappedIn, subjectIn } from '../resolve/subject-in.ts'

/**
 * What a token may do in these groups now, in normal form: its scopes, and of their operations those that the owner's
 * role allows. A scope on every group shows as one on each group in which the owner has a role.
 */
export function rightsInForce(
  snapshot: Snapshot,
  groups: readonly string[],
  ladder: RoleLadder,
  nowMs: number
): Scope[] {
  const subject = subjectIn(snapshot)
  const granted = (snapshot.scopes ?? []).map(scopeFromWire)
  const inForce = groups.flatMap((group) => {
    const role = effectiveRole(subject, group)
    if (role === null || isCappedIn(snapshot, group, nowMs)) return []
    return granted
      .filter((scope) => scope.group === group || scope.group === ANY)
      .map((scope) => ({ ...scope, group, operations: operationsOf(bitsOf(scope.operations) & ladder[role]) }))
  })
  return scopesOf(compileScopes(inForce))
}
