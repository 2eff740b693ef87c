import { type Snapshot, scopeFromWire } from '@patgate/contracts'
import { compileScopes, type Subject } from '@patgate/domain'

/** A snapshot as the decision wants it. */
export function subjectIn({ scopes, roles, access_level }: Snapshot): Subject {
  return {
    scopes: scopes === null ? null : compileScopes(scopes.map(scopeFromWire)),
    roles: new Map(Object.entries(roles)),
    accessLevel: access_level
  }
}

/** Whether a group's own cap on lifetimes refuses the token there (api.md, "policy"). */
export function isCappedIn({ group_caps: caps }: Snapshot, group: string, nowMs: number): boolean {
  const cap = caps?.[group]
  return cap !== undefined && Date.parse(cap) <= nowMs
}
