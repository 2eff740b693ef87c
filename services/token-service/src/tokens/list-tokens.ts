import type { ListTokensQuery, TokenPage } from '@patgate/contracts'
import { ANY, EXPIRING_WITHIN_MS } from '@patgate/domain'
import { type Clock, Fault } from '@patgate/service-kit'
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database, Schema } from '../database/schema.ts'
import { cursorOf, DEFAULT_LIMIT, pageOf, positionIn, UUID_SHAPE } from '../lists/cursor.ts'
import { selectTokens, tokenBody } from './token-body.ts'

export interface ListTokensDeps {
  readonly database: Database
  readonly clock: Clock
}

const COUNTED_UP_TO = 10_000
const POSITION = new RegExp(`^\\d{1,15} ${UUID_SHAPE}$`)

type TokenExpressions = ExpressionBuilder<Schema & { token: Schema['tokens'] }, 'token'>

/** A page of tokens, newest first; `total` counts all that the filters leave, exact up to 10,000, then null. */
export async function listTokens(
  deps: ListTokensDeps,
  query: ListTokensQuery,
  principal: SessionPrincipal
): Promise<TokenPage> {
  const nowMs = deps.clock.now()
  const ownerId = await ownerOf(deps.database, query.owner, principal)
  const limit = query.limit ?? DEFAULT_LIMIT
  const matches = (eb: TokenExpressions) => eb.and(filters(eb, query, ownerId, nowMs))
  const after = query.cursor === undefined ? null : placeAfter(query.cursor)

  const rows = await selectTokens(deps.database, nowMs)
    .where(matches)
    .$if(after !== null, (select) => select.where(sql<SqlBool>`(token.created_at, token.id) < ${after}`))
    .orderBy('token.created_at', 'desc')
    .orderBy('token.id', 'desc')
    .limit(limit + 1)
    .execute()
  const counted = await deps.database
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

  const page = pageOf(
    rows,
    limit,
    (row) => tokenBody(row, nowMs),
    (row) => cursorOf(String(row.created_at.getTime()), row.id)
  )
  return { ...page, total: counted.count > COUNTED_UP_TO ? null : counted.count }
}

/** Whose tokens are listed: null for everybody's. Without `owner` the caller's own. */
async function ownerOf(
  database: Database,
  owner: string | undefined,
  principal: SessionPrincipal
): Promise<string | null> {
  if (owner === undefined || owner === principal.user.id) return principal.user.id
  if (owner === ANY) {
    if (!principal.user.admin) throw new Fault('forbidden', { detail: "Only administrators list everybody's tokens" })
    return null
  }
  const known = principal.user.admin
    ? await database.selectFrom('users').select('id').where('id', '=', owner).executeTakeFirst()
    : undefined
  if (known === undefined) throw new Fault('not_found')
  return owner
}

function filters(
  eb: TokenExpressions,
  query: ListTokensQuery,
  ownerId: string | null,
  nowMs: number
): Expression<SqlBool>[] {
  const all = statusFilters(eb, query.status ?? 'active', nowMs)
  if (ownerId !== null) all.push(eb('token.owner_id', '=', ownerId))
  if (query.name !== undefined) all.push(eb('token.name', 'ilike', `%${query.name.replace(/[\\%_]/g, '\\$&')}%`))
  return all
}

/** The same order as `statusOf`: revoked before expired before active. */
function statusFilters(
  eb: TokenExpressions,
  status: NonNullable<ListTokensQuery['status']>,
  nowMs: number
): Expression<SqlBool>[] {
  const now = new Date(nowMs)
  if (status === 'all') return []
  if (status === 'revoked') return [eb('token.revoked_at', 'is not', null)]
  const notRevoked = eb('token.revoked_at', 'is', null)
  if (status === 'expired') return [notRevoked, eb('token.expires_at', '<=', now)]
  if (status === 'active')
    return [notRevoked, eb.or([eb('token.expires_at', 'is', null), eb('token.expires_at', '>', now)])]
  const horizon = new Date(nowMs + EXPIRING_WITHIN_MS)
  return [notRevoked, eb('token.expires_at', '>', now), eb('token.expires_at', '<=', horizon)]
}

function placeAfter(cursor: string) {
  const [createdAtMs, id] = positionIn(cursor, POSITION)
  return sql`(${new Date(Number(createdAtMs))}::timestamptz, ${id}::uuid)`
}
