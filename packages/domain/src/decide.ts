import { bitOf } from './operations.ts'
import { lowerRole, type Role, type RoleLadder } from './roles.ts'
import { ANY, type Ask } from './scope.ts'
import { matchingScope, type ScopeSet } from './scope-set.ts'

/** Who asks: what the token's scopes grant, and what its owner may do at this moment. */
export interface Subject {
  /** Null for a session, which stands for its owner without scopes. */
  readonly scopes: ScopeSet | null
  /** The owner's roles now, by group slug. */
  readonly roles: ReadonlyMap<string, Role>
  /** A ceiling on the owner's role; null for none. */
  readonly accessLevel: Role | null
}

/** How a route wants the owner checked: `none` must be written out in `patgate.yaml` (api.md). */
export interface RouteRules {
  readonly ownerCheck: 'role' | 'none'
  readonly sessions: boolean
}

export type DenialCode = 'insufficient_scope' | 'owner_not_permitted' | 'forbidden'

export type Decision =
  | { readonly allowed: true; readonly role: Role | null; readonly matchedScope: Ask | null }
  | { readonly allowed: false; readonly code: DenialCode; readonly required: Ask; readonly role: Role | null }

/**
 * The one decision of patgate, used by every plane and by `explain`: a token can do what its scopes say
 * **and** what its owner may do now, never more (mission.md). Pure: no clock, no I/O.
 */
export function decide(subject: Subject, ask: Ask, ladder: RoleLadder, rules: RouteRules): Decision {
  return rules.ownerCheck === 'none'
    ? decideWithoutOwner(subject, ask, rules)
    : decideWithOwner(subject, ask, ladder, rules)
}

/** The role that counts in a group: the owner's own, under the ceiling of the token's access level. */
export function effectiveRole(subject: Subject, group: string): Role | null {
  const role = subject.roles.get(group)
  if (role === undefined) return null
  return subject.accessLevel === null ? role : lowerRole(role, subject.accessLevel)
}

function decideWithOwner(subject: Subject, ask: Ask, ladder: RoleLadder, rules: RouteRules): Decision {
  const role = effectiveRole(subject, ask.group)
  if (subject.scopes === null && !rules.sessions) return deny('forbidden', ask, role)
  const matchedScope = subject.scopes === null ? null : matchingScope(subject.scopes, ask)
  if (subject.scopes !== null && matchedScope === null) return deny('insufficient_scope', ask, role)
  if (role === null || (ladder[role] & bitOf(ask.operation)) === 0) return deny('owner_not_permitted', ask, role)
  return { allowed: true, role, matchedScope }
}

/** Without an owner check nothing ties the request to a group, so only a scope on every group suffices. */
function decideWithoutOwner(subject: Subject, ask: Ask, rules: RouteRules): Decision {
  const everywhere: Ask = { ...ask, group: ANY }
  if (subject.scopes === null) {
    return rules.sessions ? { allowed: true, role: null, matchedScope: null } : deny('forbidden', everywhere, null)
  }
  const matchedScope = matchingScope(subject.scopes, everywhere)
  return matchedScope === null
    ? deny('insufficient_scope', everywhere, null)
    : { allowed: true, role: null, matchedScope }
}

function deny(code: DenialCode, required: Ask, role: Role | null): Decision {
  return { allowed: false, code, required, role }
}
