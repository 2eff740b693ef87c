import type { GroupTokenPage, ListTokensQuery, TokenPage } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { DEFAULT_LIMIT, pageOf } from '../lists/cursor.ts'
import { groupTokenBody, selectWatchedTokens } from './in-group/group-token-body.ts'
import { ownerInSight } from './owner-in-sight.ts'
import { watchedGroups } from './token-authority.ts'
import { selectTokens, tokenBody } from './token-body.ts'
import { behind, cursorAfter, type TokenExpressions, tokenFilters } from './token-filters.ts'

export interface ListTokensDeps {
  readonly database: Database
  readonly clock: Clock
}

/** A page of what a group's maintainers see of a member's tokens, in the shape of every list of tokens. */
export type WatchedTokenPage = GroupTokenPage & Pick<TokenPage, 'total'>

type Filter = (eb: TokenExpressions) => Expression<SqlBool>

const COUNTED_UP_TO = 10_000

/** A page of tokens, newest first; `total` counts all that the filters leave, exact up to 10,000, then null. */
export async function listTokens(
  deps: ListTokensDeps,
  query: ListTokensQuery,
  principal: SessionPrincipal
): Promise<TokenPage | WatchedTokenPage> {
  const nowMs = deps.clock.now()
  const { ownerId, sight } = await ownerInSight(deps.database, query.owner, principal)
  const wanted: Filter = (eb) => tokenFilters(eb, query, ownerId, nowMs)
  return sight === 'whole'
    ? wholeTokens(deps.database, query, wanted, nowMs)
    : watchedTokens(deps.database, query, wanted, principal.user.id)
}

async function wholeTokens(
  database: Database,
  { limit = DEFAULT_LIMIT, cursor }: ListTokensQuery,
  wanted: Filter,
  nowMs: number
): Promise<TokenPage> {
  const page = sql`
    where ${wanted(expressionBuilder())} and ${behind(cursor)}
    order by token.created_at desc, token.id desc limit ${limit + 1}`
  const [{ rows }, total] = await Promise.all([selectTokens(nowMs, page).execute(database), count(database, wanted)])
  return { ...pageOf(rows, limit, (row) => tokenBody(row, nowMs), cursorAfter), total }
}

async function watchedTokens(
  database: Database,
  { limit = DEFAULT_LIMIT, cursor }: ListTokensQuery,
  wanted: Filter,
  callerId: string
): Promise<WatchedTokenPage> {
  const groups = watchedGroups(callerId)
  const inSight: Filter = (eb) => eb.and([wanted(eb), sql<SqlBool>`cardinality(${groups}) > 0`])
  const page = selectWatchedTokens(database)
    .select(groups.as('watched_groups'))
    .where(inSight)
    .where(behind(cursor))
    .orderBy('token.created_at', 'desc')
    .orderBy('token.id', 'desc')
    .limit(limit + 1)
    .execute()
  const [rows, total] = await Promise.all([page, count(database, inSight)])
  return { ...pageOf(rows, limit, (row) => groupTokenBody(row, row.watched_groups), cursorAfter), total }
}

async function count(database: Database, matches: Filter): Promise<number | null> {
  const counted = await database
    .selectFrom((eb) =>
      eb
        .selectFrom('tokens as token')
        .select('token.id')
        .where(matches)
        .limit(COUNTED_UP_TO + 1)
        .as('matching')
    )
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return counted.count > COUNTED_UP_TO ? null : counted.count
}
