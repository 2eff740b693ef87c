import pg from 'pg'
import type { RunFile } from '../../support/patgate.ts'

/**
 * So many tokens of one person, `job-1` the newest of them. They are written into the database: whoever looks at a list sees
 * no difference, and by the API they would take minutes. Their secrets are nobody's.
 */
export async function insertTokens({ database_url }: RunFile, ownerId: string, count: number): Promise<void> {
  const database = new pg.Client({ connectionString: database_url })
  await database.connect()
  try {
    await database.query(TOKENS, [ownerId, count])
  } finally {
    await database.end()
  }
}

// The remainders of a prime shuffle the expiries, so that no two columns have the same order.
const TOKENS = `
  with made as (
    insert into tokens (id, owner_id, name, description, created_at, created_by, updated_at, expires_at)
    select gen_random_uuid(), $1, 'job-' || number, '', at, $1, at, now() + (30 + number * 7919 % 331) * interval '1 day'
    from generate_series(1, $2::int) as number,
      lateral (select date_trunc('second', now()) - number * interval '1 second' as at) as time
    returning id, created_at
  )
  insert into secrets (digest, token_id, hint, issued_at)
  select sha256(id::text::bytea), id, 'pat_' || left(id::text, 4) || '…' || right(id::text, 4), created_at from made`
