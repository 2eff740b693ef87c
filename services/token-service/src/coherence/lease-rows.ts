import type { LeaseRow } from '@patgate/coherence'
import { type ChangeRow, LEASE_MS, type RenewedLease, type RenewLeaseBody } from '@patgate/contracts'
import { prepared } from '@patgate/database'
import type { Clock } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { Database, LeasesTable } from '../database/schema.ts'

/** Beyond this many missing changes, starting afresh is cheaper than catching up. */
const MOST_CHANGES = 10_000

interface Head {
  readonly seq: number
  readonly change_id: string
}

/**
 * Renews a lease: **two autocommitted statements in this order, never one transaction**. First the row, so that a
 * revoker who reads the rows afterwards waits for it; then, in a new snapshot, the head and what the holder misses,
 * so that whatever a revoker committed before it read the rows is in the answer. One of the two always sees the other.
 */
export async function renewLease(
  { database, clock }: { database: Database; clock: Clock },
  holder: string,
  asked: RenewLeaseBody
): Promise<RenewedLease> {
  await upsertRow(database, holder, asked)
  const { head, changes } = await missingChanges(database, asked)
  return {
    lease_ms: LEASE_MS,
    now: new Date(clock.now()).toISOString(),
    head_seq: head.seq,
    head_id: head.change_id,
    changes
  }
}

/** The rows of all holders, as they are at this moment. */
export interface LeaseRows {
  /** Whoever may believe what it remembers. */
  readonly live: readonly LeaseRow[]
  /** Until when a gateway whose lease has lapsed may serve routes with `grace`; null when none does. */
  readonly staleUntil: Date | null
}

export async function readLeaseRows(database: Database): Promise<LeaseRows> {
  const { rows } = await sql<
    Pick<LeasesTable, 'holder' | 'kind' | 'applied_seq' | 'renewals' | 'grace_ms'> & { stale_until: Date | null }
  >`${prepared('lease-rows')}
    select holder, kind, applied_seq, renewals, grace_ms, lapsed_at + grace_ms * interval '1 ms' as stale_until
    from leases where lapsed_at is null or lapsed_at + grace_ms * interval '1 ms' > now()`.execute(database)
  const live = rows.flatMap(({ holder, kind, applied_seq, renewals, grace_ms, stale_until }) =>
    stale_until === null ? [{ holder, kind, appliedSeq: applied_seq, renewals, graceMs: grace_ms }] : []
  )
  const staleUntilMs = Math.max(0, ...rows.map(({ stale_until }) => stale_until?.getTime() ?? 0))
  return { live, staleUntil: staleUntilMs === 0 ? null : new Date(staleUntilMs) }
}

/**
 * Ends rows whose lease has surely run out; one that was renewed since it was read stays. What a gateway may still do with
 * `grace` is remembered until that is over, and no longer than that.
 */
export async function endLapsedRows(database: Database, rows: readonly LeaseRow[]): Promise<void> {
  const lapsed = sql`jsonb_to_recordset(${JSON.stringify(rows)}) as lapsed (holder uuid, renewals bigint)`
  const isLapsed = sql`leases.holder = lapsed.holder and leases.renewals = lapsed.renewals`
  if (rows.length > 0) {
    await sql`update leases set lapsed_at = now() from ${lapsed} where ${isLapsed} and lapsed_at is null and grace_ms > 0`.execute(
      database
    )
    await sql`delete from leases using ${lapsed} where ${isLapsed} and grace_ms = 0`.execute(database)
  }
}

/** Removes what was remembered of grace that is over. */
export async function removeEndedGrace(database: Database): Promise<void> {
  await sql`delete from leases where lapsed_at + grace_ms * interval '1 ms' <= now()`.execute(database)
}

/** A holder that ends in order is not waited for. */
export async function dropLease(database: Database, holder: string): Promise<void> {
  await database.deleteFrom('leases').where('holder', '=', holder).execute()
}

/** A position in a history that a restore has lost counts for nothing: its number means another change now. */
async function upsertRow(database: Database, holder: string, asked: RenewLeaseBody): Promise<void> {
  const { name, kind, applied_seq, applied_id, grace_ms } = asked
  await sql`${prepared('renew-lease')}
    with claimed as (
      select case when exists (
        select from change_head where seq = ${applied_seq} and change_id = ${applied_id}::uuid
        union all
        select from changes where seq = ${applied_seq} and change_id = ${applied_id}::uuid
      ) then ${applied_seq}::bigint else 0 end as applied_seq
    )
    insert into leases (holder, name, kind, applied_seq, grace_ms)
    select ${holder}, ${name}, ${kind}, applied_seq, ${grace_ms} from claimed
    on conflict (holder) do update set
      name = excluded.name,
      applied_seq = case when excluded.applied_seq = 0 then 0
        else greatest(leases.applied_seq, excluded.applied_seq) end,
      grace_ms = excluded.grace_ms,
      renewals = nextval('lease_renewals'),
      renewed_at = now(),
      lapsed_at = null`.execute(database)
}

/** One statement, so that the head and the changes before it belong together. */
async function missingChanges(
  database: Database,
  { applied_seq, applied_id }: RenewLeaseBody
): Promise<{ head: Head; changes: ChangeRow[] | 'reset' }> {
  const { rows } = await sql<Head & { is_known: boolean; changes: ChangeRow[] }>`${prepared('missing-changes')}
    select head.seq, head.change_id,
      (head.seq = ${applied_seq} and head.change_id = ${applied_id}::uuid) or exists (
        select from changes where seq = ${applied_seq} and change_id = ${applied_id}::uuid
      ) as is_known,
      (select coalesce(jsonb_agg(jsonb_build_object(
        'seq', missing.seq, 'change_id', missing.change_id, 'selector', missing.selector
      ) order by missing.seq), '[]') from (
        select seq, change_id, selector from changes where seq > ${applied_seq} order by seq limit ${MOST_CHANGES + 1}
      ) missing) as changes
    from change_head head`.execute(database)
  const [found] = rows
  if (found === undefined) throw new Error('the head of the change log is missing')
  const { seq, change_id, is_known: isKnown, changes } = found
  const isWhole = changes.length === seq - applied_seq && changes.length <= MOST_CHANGES
  return { head: { seq, change_id }, changes: isKnown && isWhole ? changes : 'reset' }
}
