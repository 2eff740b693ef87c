import type { UsageReport } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { Database, Write } from '../database/schema.ts'
import type { Postbox } from '../mail/postbox.ts'
import { type AddressUse, mergeAddresses, mergeUses, type Use } from './merge-reports.ts'
import { networkOf, tellOfNewAddresses } from './new-addresses.ts'

// Any number will do, as long as every replica takes the same one.
const ROLL_UP_LOCK = 7_280_003
/** Entities of a token that are counted apart on one day; what comes beyond is counted on `*`. */
export const ENTITIES_PER_DAY = 1_000
/** The same for the addresses it is used from. */
export const ADDRESSES_PER_DAY = 200

export interface RollUpDeps {
  readonly database: Database
  readonly clock: Clock
  readonly postbox: Postbox
}

/**
 * Adds reports to the daily counts, each exactly once: what was rolled up is remembered by `(boot, flush)` in the same
 * transaction. Replicas take turns, so none waits for a row of the other, and no token is locked. Answers how many of
 * the reports were new.
 */
export async function rollUp(deps: RollUpDeps, reports: readonly UsageReport[]): Promise<number> {
  if (reports.length === 0) return 0
  return deps.database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${ROLL_UP_LOCK})`.execute(transaction)
    const fresh = await rememberNew(transaction, reports)
    await addUses(transaction, mergeUses(fresh))
    const addresses = mergeAddresses(fresh)
    await tellOfNewAddresses(transaction, addresses, { postbox: deps.postbox, now: new Date(deps.clock.now()) })
    await addAddresses(transaction, addresses)
    return fresh.length
  })
}

async function rememberNew(transaction: Write, reports: readonly UsageReport[]): Promise<UsageReport[]> {
  const byKey = new Map(reports.map((report) => [`${report.boot} ${report.flush}`, report]))
  const rows = await transaction
    .insertInto('usage_reports')
    .values([...byKey.values()].map(({ boot, flush }) => ({ boot, flush })))
    .onConflict((conflict) => conflict.doNothing())
    .returning(['boot', 'flush'])
    .execute()
  return rows.flatMap(({ boot, flush }) => byKey.get(`${boot} ${flush}`) ?? [])
}

/** Uses of tokens that are gone count for nothing. */
async function addUses(transaction: Write, uses: readonly Use[]): Promise<void> {
  if (uses.length === 0) return
  await sql`
    with incoming as (
      select * from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) as use (
        token_id uuid, day date, "group" text, entity_type text, entity_id text, operation text,
        count bigint, first_at timestamptz, last_at timestamptz
      ) where exists (select from tokens where tokens.id = use.token_id)
    ), full_days as (
      select token_id, day from token_usage
      where (token_id, day) in (select token_id, day from incoming)
      group by token_id, day having count(*) >= ${ENTITIES_PER_DAY}
    ), bounded as (
      select token_id, day, "group", entity_type, operation, count, first_at, last_at,
        case when (token_id, day) in (select token_id, day from full_days) and not exists (
          select from token_usage known
          where known.token_id = incoming.token_id and known.day = incoming.day
            and known.group_slug = incoming."group" and known.entity_type = incoming.entity_type
            and known.entity_id = incoming.entity_id and known.operation = incoming.operation
        ) then '*' else entity_id end as entity_id
      from incoming
    )
    insert into token_usage as usage
      (token_id, day, group_slug, entity_type, entity_id, operation, count, first_at, last_at)
    select token_id, day, "group", entity_type, entity_id, operation, sum(count), min(first_at), max(last_at)
    from bounded group by token_id, day, "group", entity_type, entity_id, operation
    on conflict (token_id, day, group_slug, entity_type, entity_id, operation) do update set
      count = usage.count + excluded.count,
      first_at = least(usage.first_at, excluded.first_at),
      last_at = greatest(usage.last_at, excluded.last_at)`.execute(transaction)
}

async function addAddresses(transaction: Write, uses: readonly AddressUse[]): Promise<void> {
  if (uses.length === 0) return
  const placed = uses.map((use) => ({ ...use, network: networkOf(use.address) }))
  await sql`
    with incoming as (
      select * from jsonb_to_recordset(${JSON.stringify(placed)}::jsonb) as use (
        token_id uuid, day date, address text, network text, count bigint, first_at timestamptz, last_at timestamptz
      ) where exists (select from tokens where tokens.id = use.token_id)
    ), full_days as (
      select token_id, day from token_addresses
      where (token_id, day) in (select token_id, day from incoming)
      group by token_id, day having count(*) >= ${ADDRESSES_PER_DAY}
    ), bounded as (
      select token_id, day, network, count, first_at, last_at,
        case when (token_id, day) in (select token_id, day from full_days) and not exists (
          select from token_addresses known
          where known.token_id = incoming.token_id and known.day = incoming.day and known.address = incoming.address
        ) then '*' else address end as address
      from incoming
    )
    insert into token_addresses as usage (token_id, day, address, network, count, first_at, last_at)
    select token_id, day, address, case address when '*' then '*' else min(network) end, sum(count), min(first_at), max(last_at)
    from bounded group by token_id, day, address
    on conflict (token_id, day, address) do update set
      count = usage.count + excluded.count,
      first_at = least(usage.first_at, excluded.first_at),
      last_at = greatest(usage.last_at, excluded.last_at)`.execute(transaction)
}
