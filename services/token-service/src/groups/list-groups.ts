import type { GroupBody } from '@patgate/contracts'
import { GROUP_SLUG_PATTERN } from '@patgate/domain'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { cursorOf, DEFAULT_LIMIT, type PageWish, pageOf, positionIn } from '../lists/cursor.ts'
import { groupBody, selectGroups } from './group-body.ts'

const POSITION = new RegExp(GROUP_SLUG_PATTERN)

/** The caller's groups by slug; an administrator's list has all of them. */
export async function listGroups(
  { database }: { readonly database: Database },
  { limit = DEFAULT_LIMIT, cursor }: PageWish,
  { user }: SessionPrincipal
): Promise<{ items: GroupBody[]; next_cursor: string | null }> {
  const [after] = cursor === undefined ? [] : positionIn(cursor, POSITION)
  const rows = await selectGroups(database, user.id)
    .$if(!user.admin, (query) => query.where('memberships.role', 'is not', null))
    .$if(after !== undefined, (query) => query.where('groups.slug', '>', after ?? ''))
    .orderBy('groups.slug')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, groupBody, (row) => cursorOf(row.slug))
}
