import type { ScopeBody, TokenBody } from '@patgate/contracts'
import { prepared } from '@patgate/database'
import { sql } from 'kysely'
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres'
import type { Database, TokenRow, Write } from '../database/schema.ts'
import { statusOfRow } from './row-status.ts'

/** The columns that an answer needs, by name: the statement is a prepared one. */
const COLUMNS = [
  'id',
  'owner_id',
  'name',
  'description',
  'access_level',
  'created_at',
  'created_by',
  'updated_at',
  'expires_at',
  'revoked_at',
  'revoked_by',
  'revoked_reason',
  'self_rotate',
  'last_used_at',
  'last_used_address',
  'allowed_addresses',
  'rate_limit_requests',
  'rate_limit_per_seconds'
] as const satisfies readonly (keyof TokenRow)[]

/** A token with all that its answer needs; times inside JSON come as text. */
export interface FullToken extends Pick<TokenRow, (typeof COLUMNS)[number]> {
  owner_kind: 'human' | 'bot'
  owner_name: string
  hint: string
  scopes: ScopeBody[]
  previous_secret: { retires_at: string; last_used_at: string | null } | null
}

/** Selects whole tokens; the caller adds which and how many. A retired secret shows as long as it works. */
export function selectTokens(database: Database, nowMs: number) {
  return database
    .selectFrom('tokens as token')
    .innerJoin('users as owner', 'owner.id', 'token.owner_id')
    .innerJoin('secrets as current', (join) =>
      join.onRef('current.token_id', '=', 'token.id').on('current.retired_at', 'is', null)
    )
    .select(COLUMNS.map((column) => `token.${column}` as const))
    .select((eb) => [
      'owner.kind as owner_kind',
      'owner.name as owner_name',
      'current.hint',
      jsonArrayFrom(
        eb
          .selectFrom('scopes')
          .select(['id', 'entity_type', 'entity_id', 'operations'])
          .select(sql<string>`coalesce(group_slug, '*')`.as('group'))
          .whereRef('scopes.token_id', '=', 'token.id')
          .orderBy(sql`group_slug nulls first`)
          .orderBy('entity_type')
          .orderBy('entity_id')
      ).as('scopes'),
      jsonObjectFrom(
        eb
          .selectFrom('secrets as retired')
          .select('retired.last_used_at')
          .select((eb) => eb.ref('retired.retires_at').$notNull().as('retires_at'))
          .whereRef('retired.token_id', '=', 'token.id')
          .where('retired.retires_at', '>', new Date(nowMs))
          .orderBy('retired.retires_at', 'desc')
          .limit(1)
      ).as('previous_secret')
    ])
}

/** One token as it is answered; null when there is none. */
export async function findTokenBody(database: Database, id: string, nowMs: number): Promise<TokenBody | null> {
  const row = await selectToken(database, id, nowMs).executeTakeFirst()
  return row === undefined ? null : tokenBody(row, nowMs)
}

/** The same of a token that is known to be there, because the transaction holds its row. */
export async function wholeToken(transaction: Write, id: string, nowMs: number): Promise<TokenBody> {
  const row = await selectToken(transaction, id, nowMs).executeTakeFirstOrThrow()
  return tokenBody(row, nowMs)
}

function selectToken(database: Database, id: string, nowMs: number) {
  return selectTokens(database, nowMs).modifyFront(prepared('whole-token')).where('token.id', '=', id)
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
    rate_limit:
      row.rate_limit_requests === null || row.rate_limit_per_seconds === null
        ? null
        : { requests: row.rate_limit_requests, per_seconds: row.rate_limit_per_seconds },
    previous_secret: row.previous_secret === null ? null : previousSecret(row.previous_secret)
  }
}

function previousSecret({ retires_at, last_used_at }: NonNullable<FullToken['previous_secret']>) {
  return {
    retires_at: new Date(retires_at).toISOString(),
    last_used_at: last_used_at === null ? null : new Date(last_used_at).toISOString()
  }
}
