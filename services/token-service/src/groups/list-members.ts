import type { MemberBody } from '@patgate/contracts'
import type { Role } from '@patgate/domain'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { cursorOf, DEFAULT_LIMIT, type PageWish, pageOf, positionIn, UUID_SHAPE } from '../lists/cursor.ts'
import { readGroup } from './read-group.ts'

const POSITION = new RegExp(`^${UUID_SHAPE}$`)

/** The people of a group, for whoever may see the group; its bots have a list of their own. */
export async function listMembers(
  deps: { readonly database: Database },
  slug: string,
  { limit = DEFAULT_LIMIT, cursor }: PageWish,
  principal: SessionPrincipal
): Promise<{ items: MemberBody[]; next_cursor: string | null }> {
  await readGroup(deps, slug, principal)
  const [after] = cursor === undefined ? [] : positionIn(cursor, POSITION)
  const rows = await deps.database
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select(['users.id', 'users.email', 'users.name', 'memberships.role', 'memberships.since'])
    .where('memberships.group_slug', '=', slug)
    .where('users.kind', '=', 'human')
    .$if(after !== undefined, (query) => query.where('users.id', '>', after ?? ''))
    .orderBy('users.id')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, memberBody, (row) => cursorOf(row.id))
}

export interface MemberRow {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly since: Date
}

export function memberBody({ id, email, name, role, since }: MemberRow): MemberBody {
  return { user: { id, email, name }, role, since: since.toISOString() }
}
