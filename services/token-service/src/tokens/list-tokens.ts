import type { GroupTokenBody, GroupTokenPage, ListTokensQuery, TokenBody, TokenPage } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import { type SqlBool, sql } from 'kysely'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { DEFAULT_LIMIT, pageOf } from '../lists/cursor.ts'
import { findTokens } from './find-tokens.ts'
import { groupTokenBody, selectWatchedTokens } from './in-group/group-token-body.ts'
import { ownerInSight } from './owner-in-sight.ts'
import { watchedGroups } from './token-authority.ts'
import { selectTokens, tokenBody } from './token-body.ts'
import { cursorAfter } from './token-filters.ts'

export interface ListTokensDeps {
  readonly database: Database
  readonly clock: Clock
}

/** A page of what a group's maintainers see of a member's tokens, in the shape of every list of tokens. */
export type WatchedTokenPage = GroupTokenPage & Pick<TokenPage, 'total'>

/** A page of tokens, newest first; `total` counts all that the filters leave, exact up to 10,000, then null. */
export async function listTokens(
  { database, clock }: ListTokensDeps,
  { limit = DEFAULT_LIMIT, cursor, status, name, owner }: ListTokensQuery,
  principal: SessionPrincipal
): Promise<TokenPage | WatchedTokenPage> {
  const nowMs = clock.now()
  const { ownerId, sight } = await ownerInSight(database, owner, principal)
  const watched = sight === 'watched' ? watchedGroups(principal.user.id) : undefined
  const wanted = { status, name, ownerId, inSight: watched && sql<SqlBool>`cardinality(${watched}) > 0` }
  // One more than asked for, to know whether there is a next page.
  const { newest, total } = await findTokens(database, wanted, { count: limit + 1, cursor }, nowMs)
  const { items: ids, next_cursor } = pageOf(newest, limit, ({ id }) => id, cursorAfter)
  if (watched !== undefined) return { items: await watchedTokens(database, ids, watched), next_cursor, total }
  return { items: await wholeTokens(database, ids, nowMs), next_cursor, total }
}

async function wholeTokens(database: Database, ids: readonly string[], nowMs: number): Promise<TokenBody[]> {
  const page = sql`where token.id = any(${ids}::uuid[]) order by token.created_at desc, token.id desc`
  const { rows } = await selectTokens(nowMs, page).execute(database)
  return rows.map((row) => tokenBody(row, nowMs))
}

async function watchedTokens(
  database: Database,
  ids: readonly string[],
  groups: ReturnType<typeof watchedGroups>
): Promise<GroupTokenBody[]> {
  const rows = await selectWatchedTokens(database)
    .select(groups.as('watched_groups'))
    .where('token.id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('token.created_at', 'desc')
    .orderBy('token.id', 'desc')
    .execute()
  return rows.map((row) => groupTokenBody(row, row.watched_groups))
}
