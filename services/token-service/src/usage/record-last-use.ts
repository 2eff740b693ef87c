import { setTimeout as pause } from 'node:timers/promises'
import type { UsageReport } from '@patgate/contracts'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import { lastUses } from './merge-reports.ts'

const BATCH_SIZE = 500
const RETRY_MS = 20
const ATTEMPTS = 50

/**
 * Writes `last_used_at` of tokens and secrets, and the address. Each batch is one short statement that takes only rows
 * nobody else holds: a use never waits for a revocation, and a revocation at most for one statement. What was skipped
 * is tried again. The latest time wins, so it may be repeated; no change is recorded, because nobody's rights change.
 */
export async function recordLastUse(database: Database, reports: readonly UsageReport[]): Promise<void> {
  const { tokens, secrets } = lastUses(reports)
  for (let start = 0; start < tokens.length; start += BATCH_SIZE) {
    await untilNoneIsSkipped(tokens.slice(start, start + BATCH_SIZE), (batch) => touchTokens(database, batch))
  }
  for (let start = 0; start < secrets.length; start += BATCH_SIZE) {
    await untilNoneIsSkipped(secrets.slice(start, start + BATCH_SIZE), (batch) => touchSecrets(database, batch))
  }
}

/** `touch` answers the tokens whose rows it found held by somebody else. */
async function untilNoneIsSkipped<T extends { readonly token_id: string }>(
  batch: readonly T[],
  touch: (batch: readonly T[]) => Promise<ReadonlySet<string>>
): Promise<void> {
  let left = batch
  for (let attempt = 1; left.length > 0; attempt++) {
    const skipped = await touch(left)
    left = left.filter(({ token_id }) => skipped.has(token_id))
    if (left.length === 0) return
    if (attempt === ATTEMPTS) throw new Error(`${left.length} tokens stayed locked: their last use is written later`)
    await pause(RETRY_MS)
  }
}

async function touchTokens(database: Database, uses: ReturnType<typeof lastUses>['tokens']): Promise<Set<string>> {
  const { rows } = await sql<{ token_id: string }>`
    with used as (
      select * from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) as use (token_id uuid, at timestamptz, address text)
    ), free as (
      select tokens.id from tokens join used on used.token_id = tokens.id
      order by tokens.id for no key update of tokens skip locked
    ), touched as (
      update tokens set last_used_at = used.at, last_used_address = coalesce(used.address, last_used_address)
      from used join free on free.id = used.token_id
      where tokens.id = used.token_id and (
        tokens.last_used_at is null or tokens.last_used_at < used.at
        or (tokens.last_used_at = used.at and tokens.last_used_address is distinct from used.address
          and used.address is not null)
      )
    )
    select used.token_id from used join tokens on tokens.id = used.token_id
    where used.token_id not in (select id from free)`.execute(database)
  return new Set(rows.map(({ token_id }) => token_id))
}

/** A secret is known by its token and the time it was issued, which comes back as the snapshot had it: in milliseconds. */
async function touchSecrets(database: Database, uses: ReturnType<typeof lastUses>['secrets']): Promise<Set<string>> {
  const { rows } = await sql<{ token_id: string }>`
    with used as (
      select * from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb)
        as use (token_id uuid, issued_at timestamptz, at timestamptz)
    ), matching as (
      select secrets.digest, used.token_id, used.at from secrets join used on used.token_id = secrets.token_id
      where date_trunc('milliseconds', secrets.issued_at) = used.issued_at
    ), free as (
      select digest from secrets where digest in (select digest from matching)
      order by digest for no key update skip locked
    ), touched as (
      update secrets set last_used_at = matching.at
      from matching join free using (digest)
      where secrets.digest = matching.digest and (secrets.last_used_at is null or secrets.last_used_at < matching.at)
    )
    select token_id from matching where digest not in (select digest from free)`.execute(database)
  return new Set(rows.map(({ token_id }) => token_id))
}
