import type { TokenExposure } from '@patgate/contracts'
import { sql } from 'kysely'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { readToken } from '../tokens/read-token.ts'
import { firstDay, readUses, type UsageDeps } from './read-uses.ts'
import { USES_SHOWN } from './token-usage.ts'

const ADDRESSES_SHOWN = 1_000

/** What a token did in the last days, from which addresses, on what: the blast radius of a leak. */
export async function tokenExposure(
  deps: UsageDeps,
  { id, days }: { readonly id: string; readonly days: number },
  principal: SessionPrincipal
): Promise<TokenExposure> {
  await readToken(deps, id, principal)
  const since = firstDay(deps.clock, days)
  const used = await readUses(deps.database, id, since)
  const span = await deps.database
    .selectFrom('token_usage')
    .select((eb) => [eb.fn.min('first_at').as('first_at'), eb.fn.max('last_at').as('last_at')])
    .where('token_id', '=', id)
    .where('day', '>=', since)
    .executeTakeFirst()
  return {
    days,
    count: used.reduce((sum, { count }) => sum + count, 0),
    first_at: span?.first_at?.toISOString() ?? null,
    last_at: span?.last_at?.toISOString() ?? null,
    used: used.slice(0, USES_SHOWN),
    addresses: await readAddresses(deps.database, id, since)
  }
}

async function readAddresses(database: Database, tokenId: string, since: string): Promise<TokenExposure['addresses']> {
  const rows = await database
    .selectFrom('token_addresses')
    .select((eb) => [
      'address',
      sql<number>`sum(count)::bigint`.as('count'),
      eb.fn.min('first_at').as('first_at'),
      eb.fn.max('last_at').as('last_at')
    ])
    .where('token_id', '=', tokenId)
    .where('day', '>=', since)
    .groupBy('address')
    .orderBy('count', 'desc')
    .orderBy('address')
    .limit(ADDRESSES_SHOWN)
    .execute()
  return rows.map(({ first_at, last_at, ...counted }) => ({
    ...counted,
    first_at: first_at.toISOString(),
    last_at: last_at.toISOString()
  }))
}
