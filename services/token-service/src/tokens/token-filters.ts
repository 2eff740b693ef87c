import type { ListTokensQuery } from '@patgate/contracts'
import { EXPIRING_WITHIN_MS } from '@patgate/domain'
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { cursorOf, positionIn, UUID_SHAPE } from '../lists/cursor.ts'

export type TokenExpressions = ExpressionBuilder<Schema & { token: Schema['tokens'] }, 'token'>

/** What a list of tokens is asked for: a status, a part of the name, an owner (null: everybody). */
export function tokenFilters(
  eb: TokenExpressions,
  query: Pick<ListTokensQuery, 'status' | 'name'>,
  ownerId: string | null,
  nowMs: number
): Expression<SqlBool> {
  const all = statusFilters(eb, query.status ?? 'active', nowMs)
  if (ownerId !== null) all.push(eb('token.owner_id', '=', ownerId))
  if (query.name !== undefined) all.push(eb('token.name', 'ilike', `%${query.name.replace(/[\\%_]/g, '\\$&')}%`))
  return eb.and(all)
}

const POSITION = new RegExp(`^\\d{1,15} ${UUID_SHAPE}$`)

/** The cursor behind a token in lists that show the newest first. */
export function cursorAfter({ created_at, id }: { readonly created_at: Date; readonly id: string }): string {
  return cursorOf(String(created_at.getTime()), id)
}

/** SQL: the tokens behind a cursor; all of them without one. */
export function behind(cursor: string | undefined): Expression<SqlBool> {
  if (cursor === undefined) return sql<SqlBool>`true`
  const [createdAtMs, id] = positionIn(cursor, POSITION)
  return sql<SqlBool>`(token.created_at, token.id) < (${new Date(Number(createdAtMs))}::timestamptz, ${id}::uuid)`
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
