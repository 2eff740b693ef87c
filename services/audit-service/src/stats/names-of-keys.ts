import type { StatsDimension } from '@patgate/contracts'
import { type Kysely, sql } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'

/** What people call these actors or tokens, by their ids, as the newest event that names each of them has it. */
export async function namesOfKeys(
  database: Kysely<AuditDatabase>,
  by: StatsDimension,
  keys: readonly string[]
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0 || (by !== 'actor' && by !== 'token')) return new Map()
  const newestName =
    by === 'actor'
      ? sql`select event #>> '{actor,name}' as name from audit_events where actor_id = wanted.key::uuid`
      : sql`select event #>> '{details,name}' as name from audit_events
            where target_type = 'token' and target_id = wanted.key and event #>> '{details,name}' is not null`
  const { rows } = await sql<{ key: string; name: string | null }>`
    select wanted.key, named.name
    from unnest(${keys}::text[]) as wanted (key)
    cross join lateral (${newestName} order by time desc, id desc limit 1) as named
  `.execute(database)
  return new Map(rows.flatMap(({ key, name }) => (name === null ? [] : [[key, name]])))
}
