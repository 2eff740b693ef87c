import type { Snapshot } from '@patgate/contracts'
import { ranksAtLeast } from '@patgate/domain'

/** The signed-in person who asks. */
export interface Caller {
  readonly id: string
  readonly name: string
  readonly sessionId: string | null
  readonly isAdmin: boolean
  /** Slugs of the groups whose events they may see: where they are maintainer or owner. */
  readonly managedGroups: readonly string[]
}

export function callerOf(snapshot: Snapshot): Caller {
  const managed = Object.entries(snapshot.roles).filter(([, role]) => ranksAtLeast(role, 'maintainer'))
  return {
    id: snapshot.owner.id,
    name: snapshot.owner.name,
    sessionId: snapshot.session_id,
    isAdmin: snapshot.admin,
    managedGroups: managed.map(([slug]) => slug)
  }
}
