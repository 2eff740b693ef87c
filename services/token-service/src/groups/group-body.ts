import type { GroupBody } from '@patgate/contracts'
import type { Role } from '@patgate/domain'
import type { Database } from '../database/schema.ts'

export interface GroupOfCaller {
  slug: string
  name: string
  created_at: Date
  role: Role | null
}

/** Selects groups with the role that a user has in each. */
export function selectGroups(database: Database, userId: string) {
  return database
    .selectFrom('groups')
    .leftJoin('memberships', (join) =>
      join.onRef('memberships.group_slug', '=', 'groups.slug').on('memberships.user_id', '=', userId)
    )
    .select(['groups.slug', 'groups.name', 'groups.created_at', 'memberships.role'])
}

export function groupBody({ slug, name, created_at, role }: GroupOfCaller): GroupBody {
  return { slug, name, role, created_at: created_at.toISOString() }
}
