import type { GroupTokenPage } from '@patgate/contracts'
import { ranksAtLeast } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { SessionPrincipal } from '../../authentication/principal.ts'
import type { Database } from '../../database/schema.ts'
import { DEFAULT_LIMIT, type PageWish, pageOf } from '../../lists/cursor.ts'
import { behind, cursorAfter } from '../token-filters.ts'
import { groupTokenBody, reaches, selectWatchedTokens } from './group-token-body.ts'

/** Every token that names a group, whoever's it is, for the group's maintainers: newest first. */
export async function listGroupTokens(
  { database }: { readonly database: Database },
  slug: string,
  { limit = DEFAULT_LIMIT, cursor }: PageWish,
  principal: SessionPrincipal
): Promise<GroupTokenPage> {
  await assertMaintains(database, slug, principal)
  const rows = await selectWatchedTokens(database)
    .where(reaches(slug))
    .where(behind(cursor))
    .orderBy('token.created_at', 'desc')
    .orderBy('token.id', 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, (row) => groupTokenBody(row, [slug]), cursorAfter)
}

/** Lets a group's maintainers and owners pass; other members and administrators see that they may not, strangers nothing. */
async function assertMaintains(database: Database, slug: string, { user }: SessionPrincipal): Promise<void> {
  const found = await database
    .selectFrom('groups')
    .leftJoin('memberships as mine', (join) =>
      join.onRef('mine.group_slug', '=', 'groups.slug').on('mine.user_id', '=', user.id)
    )
    .select('mine.role')
    .where('groups.slug', '=', slug)
    .executeTakeFirst()
  if (found === undefined || (found.role === null && !user.admin)) throw new Fault('not_found')
  if (found.role === null || !ranksAtLeast(found.role, 'maintainer')) {
    throw new Fault('forbidden', { detail: "This is for the group's maintainers and owners" })
  }
}
