import type { ListTokensQuery } from '@patgate/contracts'
import { EXPIRING_WITHIN_MS } from '@patgate/domain'
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { cursorOf, positionIn, UUID_SHAPE } from '../lists/cursor.ts'

/** Over rows of `tokens` or, where nobody asks for an owner, of `token_names`; they are called `token`. */
export type TokenExpressions = ExpressionBuilder<{ token: Schema['tokens'] }, 'token'>

/** SQL: whether the row `token` has this status and, unless null for everybody, this owner. */
export function statusAndOwner(
  eb: TokenExpressions,
  status: ListTokensQuery['status'],
  ownerId: string | null,
  nowMs: number
): Expression<SqlBool> {
  const all = statusFilters(eb, status ?? 'active', nowMs)
  if (ownerId !== null) all.push(eb('token.owner_id', '=', ownerId))
  return eb.and(all)
}

/** SQL: whether the row `token` has this in its name, in letters of whatever case. */
export function isNamed(part: string): Expression<SqlBool> {
  return sql<SqlBool>`strpos(token.folded_name, folded(${part})) > 0`
}

/** SQL: whether all that stands in the part stands in the name of the row `token` of `token_names`, by the index of both. */
export function hasPartsOf(part: string): Expression<SqlBool> {
  return sql<SqlBool>`name_parts(token.folded_name) @> parts_to_find(folded(${part}) collate "C")`
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
