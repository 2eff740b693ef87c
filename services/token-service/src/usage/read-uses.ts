import type { UsedBody } from '@patgate/contracts'
import type { Ask } from '@patgate/domain'
import type { Clock } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'

export interface UsageDeps {
  readonly database: Database
  readonly clock: Clock
}

const DAY_MS = 86_400_000

/** The first of the last `days` UTC days, of which today is one. */
export function firstDay(clock: Clock, days: number): string {
  return new Date(clock.now() - (days - 1) * DAY_MS).toISOString().slice(0, 10)
}

/** Everything a token was used for since a day, the commonest use first. */
export async function readUses(database: Database, tokenId: string, since: string): Promise<UsedBody[]> {
  const rows = await database
    .selectFrom('token_usage')
    .select((eb) => [
      'group_slug',
      'entity_type',
      'entity_id',
      'operation',
      sql<number>`sum(count)::bigint`.as('count'),
      eb.fn.max('last_at').as('last_at')
    ])
    .where('token_id', '=', tokenId)
    .where('day', '>=', since)
    .groupBy(['group_slug', 'entity_type', 'entity_id', 'operation'])
    .orderBy('count', 'desc')
    .orderBy('last_at', 'desc')
    .execute()
  return rows.map(({ group_slug, last_at, ...use }) => ({ ...use, group: group_slug, last_at: last_at.toISOString() }))
}

export function askOf({ group, entity_type, entity_id, operation }: UsedBody): Ask {
  return { group, entityType: entity_type, entityId: entity_id, operation }
}
