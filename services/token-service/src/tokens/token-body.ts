import type { RateLimit, ScopeBody, TokenBody } from '@patgate/contracts'
import { prepared } from '@patgate/database'
import { type RawBuilder, sql } from 'kysely'
import type { Database, TokenRow, Write } from '../database/schema.ts'
import { statusOfRow } from './row-status.ts'

/** A token with all that its answer needs; times inside JSON come as text. */
export interface FullToken
  extends Omit<
    TokenRow,
    'expiry_recorded_at' | 'revoked_rank' | 'reuse_detected_at' | 'rate_limit_requests' | 'rate_limit_per_seconds'
  > {
  rate_limit: RateLimit | null
  owner_kind: 'human' | 'bot'
  owner_name: string
  hint: string
  scopes: ScopeBody[]
  previous_secret: { retires_at: string; last_used_at: string | null } | null
}

/**
 * SQL: whole tokens; the caller says which, in what order and how many. A retired secret shows as long as it works. `from`
 * names the rows where they are those that the same statement has just changed.
 */
export function selectTokens(nowMs: number, which: RawBuilder<unknown>, from = sql.table('tokens')) {
  return sql<FullToken>`
    select token.id, token.owner_id, token.name, token.description, token.access_level, token.created_at,
      token.created_by, token.updated_at, token.expires_at, token.revoked_at, token.revoked_by, token.revoked_reason,
      token.self_rotate, token.last_used_at, token.last_used_address, token.allowed_addresses,
      case when token.rate_limit_requests is not null then jsonb_build_object(
        'requests', token.rate_limit_requests, 'per_seconds', token.rate_limit_per_seconds
      ) end as rate_limit,
      owner.kind as owner_kind, owner.name as owner_name, current.hint,
      (select coalesce(jsonb_agg(jsonb_build_object(
        'id', id, 'group', coalesce(group_slug, '*'), 'entity_type', entity_type, 'entity_id', entity_id,
        'operations', operations
      ) order by group_slug nulls first, entity_type, entity_id), '[]') from scopes where token_id = token.id) as scopes,
      (select jsonb_build_object('retires_at', retires_at, 'last_used_at', last_used_at) from secrets
        where token_id = token.id and retires_at > ${new Date(nowMs)}
        order by retires_at desc limit 1) as previous_secret
    from ${from} token
    join users owner on owner.id = token.owner_id
    join secrets current on current.token_id = token.id and current.retired_at is null
    ${which}`
}

/** One token as it is answered; null when there is none. */
export async function findTokenBody(database: Database, id: string, nowMs: number): Promise<TokenBody | null> {
  const { rows } = await sql<FullToken>`${prepared('whole-token')}
    ${selectTokens(nowMs, sql`where token.id = ${id}`)}`.execute(database)
  const [row] = rows
  return row === undefined ? null : tokenBody(row, nowMs)
}

/** The same of a token that is known to be there, because the transaction holds its row. */
export async function wholeToken(transaction: Write, id: string, nowMs: number): Promise<TokenBody> {
  const token = await findTokenBody(transaction, id, nowMs)
  if (token === null) throw new Error(`the token ${id} is locked and not there`)
  return token
}

/** A token as it is answered: never its secret, nor the secret's digest. */
export function tokenBody(row: FullToken, nowMs: number): TokenBody {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    hint: row.hint,
    owner: { id: row.owner_id, kind: row.owner_kind, name: row.owner_name },
    access_level: row.access_level,
    status: statusOfRow(row, nowMs),
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    updated_at: row.updated_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    revoked_by: row.revoked_by,
    revoked_reason: row.revoked_reason,
    self_rotate: row.self_rotate,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    last_used_address: row.last_used_address,
    scopes: row.scopes,
    allowed_addresses: row.allowed_addresses,
    rate_limit: row.rate_limit,
    previous_secret: row.previous_secret === null ? null : previousSecret(row.previous_secret)
  }
}

function previousSecret({ retires_at, last_used_at }: NonNullable<FullToken['previous_secret']>) {
  return {
    retires_at: new Date(retires_at).toISOString(),
    last_used_at: last_used_at === null ? null : new Date(last_used_at).toISOString()
  }
}
