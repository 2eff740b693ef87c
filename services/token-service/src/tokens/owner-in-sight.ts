import type { Role } from '@patgate/domain'
import { ANY, ranksAtLeast } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'

/**
 * Whose tokens somebody looks at, and how much of them they see: `whole`, or as `watched` the little that concerns
 * the groups they maintain. Null is everybody.
 */
export interface OwnerInSight {
  readonly ownerId: string | null
  readonly sight: 'whole' | 'watched'
}

interface Found {
  readonly caller_role: Role | null
  readonly is_watched: boolean
}

/** Reads `owner=`: the caller's own without it, `*` for administrators; 404 for whoever is out of sight. */
export async function ownerInSight(
  database: Database,
  owner: string | undefined,
  { user }: SessionPrincipal
): Promise<OwnerInSight> {
  if (owner === undefined || owner === user.id) return { ownerId: user.id, sight: 'whole' }
  if (owner === ANY) {
    if (!user.admin) throw new Fault('forbidden', { detail: "Only administrators list everybody's tokens" })
    return { ownerId: null, sight: 'whole' }
  }
  const { rows } = await sql<Found>`
    select mine.role as caller_role, exists (
      select from memberships theirs
      join memberships watched on watched.group_slug = theirs.group_slug
      where theirs.user_id = owner.id and watched.user_id = ${user.id} and watched.role in ('maintainer', 'owner')
    ) as is_watched
    from users owner
    left join memberships mine on mine.group_slug = owner.home_group and mine.user_id = ${user.id}
    where owner.id = ${owner}`.execute(database)
  const [found] = rows
  const isManaged = found?.caller_role != null && ranksAtLeast(found.caller_role, 'maintainer')
  if (found !== undefined && (isManaged || user.admin)) return { ownerId: owner, sight: 'whole' }
  if (found?.is_watched !== true) throw new Fault('not_found')
  return { ownerId: owner, sight: 'watched' }
}
