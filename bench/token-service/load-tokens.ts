import { sql } from 'kysely'
import type { Database } from '../../services/token-service/src/database/schema.ts'

const OWNERS = 20_000
/** How many of the tokens belong to the first owner. */
const OF_ONE_OWNER = 10_000

/** The id of the nth owner, and of the nth token: the same in SQL and here. */
export const ownerId = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
export const tokenId = (n: number): string => `00000000-0000-7000-9000-${n.toString(16).padStart(12, '0')}`

const owner = (n: string) => sql.raw(`('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`)
const token = (n: string) => sql.raw(`('00000000-0000-7000-9000-' || lpad(to_hex(${n}), 12, '0'))::uuid`)

/**
 * Fills an empty database: one token in ten has just expired and was not swept yet, one in ten expired long ago, one in
 * twenty is revoked, the rest live. They were created over a year, in the order of their numbers.
 */
export async function loadTokens(database: Database, tokens: number): Promise<void> {
  const statements = [
    sql`insert into users (id, kind, email, name, created_at, updated_at)
      select ${owner('n')}, 'human', 'user-' || n || '@example.org', 'User ' || n, now(), now()
      from generate_series(0, ${OWNERS}::int - 1) n`,
    sql`insert into groups (slug, name, created_at, created_by)
      select 'group-' || n, 'Group ' || n, now(), ${owner('0')} from generate_series(0, 999) n`,
    sql`insert into memberships (group_slug, user_id, role, since)
      select 'group-' || (n % 1000), ${owner('n')}, 'owner', now() from generate_series(0, ${OWNERS}::int - 1) n`,
    sql`insert into tokens (id, owner_id, name, description, created_at, created_by, updated_at,
        expires_at, expiry_recorded_at, revoked_at, revoked_reason)
      select ${token('n')}, owner_id, 'token ' || n, '', created_at, owner_id, created_at,
        case when n % 10 = 0 then now() - (n % 3000) * interval '1 second'
          when n % 10 = 1 then created_at + interval '1 hour'
          else now() + (1 + n % 7776000) * interval '1 second' end,
        case when n % 10 = 1 then created_at + interval '1 hour' end,
        case when n % 20 = 3 then created_at + interval '1 minute' end,
        case when n % 20 = 3 then 'owner' end
      from generate_series(0, ${tokens}::int - 1) n
      cross join lateral (select
        now() - interval '1 year' + n * (interval '364 days' / ${tokens}::int) as created_at,
        case when n % ${tokens / OF_ONE_OWNER}::int = 2 then ${owner('0')} else ${owner(`n % ${OWNERS}`)} end as owner_id
      ) made`,
    sql`insert into secrets (digest, token_id, hint, issued_at)
      select sha256(id::text::bytea), id, 'pat_7Kp3…OIMg', created_at from tokens`,
    sql`insert into scopes (id, token_id, group_slug, entity_type, entity_id, operations)
      select gen_random_uuid(), ${token('n')}, 'group-' || (n % 1000), 'dashboard', '*', array['read', 'list']
      from generate_series(0, ${tokens}::int - 1) n`,
    sql`vacuum analyze`
  ]
  for (const statement of statements) await statement.execute(database)
}
