import type { GroupBody, GroupPolicy } from '@patgate/contracts'
import type { Role } from '@patgate/domain'
import type { Database } from '../database/schema.ts'
import { NO_DEMANDS } from '../policy/built-in-policy.ts'

export interface GroupOfCaller {
  slug: string
  name: string
  created_at: Date
  role: Role | null
  policy: Partial<GroupPolicy>
}

/** Selects groups with the role that a user has in each. */
export function selectGroups(database: Database, userId: string) {
  return database
    .selectFrom('groups')
    .leftJoin('memberships', (join) =>
      join.onRef('memberships.group_slug', '=', 'groups.slug').on('memberships.user_id', '=', userId)
    )
    .select(['groups.slug', 'groups.name', 'groups.created_at', 'groups.policy', 'memberships.role'])
}

export function groupBody({ slug, name, created_at, role, policy }: GroupOfCaller): GroupBody {
  return { slug, name, role, policy: { ...NO_DEMANDS, ...policy }, created_at: created_at.toISOString() }
}
