import { type Kysely, sql } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'

/** A boot of which something may be missing. */
export interface BootState {
  readonly producer: string
  readonly boot: string
  /** Everything up to here is stored. */
  readonly stored: number
  readonly told: number
  /** Stretches between stored numbers that are not stored. */
  readonly missing: readonly { readonly from: number; readonly to: number }[]
  readonly heardAtMs: number
  readonly hasEnded: boolean
  readonly isTailUnknown: boolean
  readonly raised: string | null
}

const MOST_STRETCHES = 100
/** What was told, and never changed since, is history. */
const REMEMBERED_FOR = '7 days'

/** Boots that have a hole, that told of more than is stored, or that have not come to an end. */
export async function readBootStates(database: Kysely<AuditDatabase>): Promise<BootState[]> {
  const { rows } = await sql<{
    producer: string
    boot: string
    stored: number
    told: number
    missing: { from: number; to: number }[] | null
    heard_at: Date
    has_ended: boolean
    is_tail_unknown: boolean
    raised: string | null
  }>`
    select
      producer,
      boot,
      coalesce(contiguous_seq, 0) as stored,
      coalesce(told_seq, 0) as told,
      greatest(heard_at, updated_at) as heard_at,
      (has_begun is not true or has_stopped or successor is not null) as has_ended,
      coalesce(is_tail_unknown and not has_stopped, false) as is_tail_unknown,
      raised,
      (
        select json_agg(json_build_object('from', lower(stretch), 'to', upper(stretch) - 1))
        from (
          select stretch
          from unnest(int8multirange(int8range(contiguous_seq + 1, upper(later))) - later) as stretch
          where not isempty(later)
          limit ${sql.lit(MOST_STRETCHES)}
        ) as first_stretches
      ) as missing
    from audit_progress full join audit_boots using (producer, boot)
    where producer <> 'audit-service' and (
      not isempty(later)
      or told_seq > coalesce(contiguous_seq, 0)
      or (not has_stopped and (is_tail_unknown or (has_begun and successor is null)))
    )
    and (raised is null or greatest(heard_at, updated_at) > now() - ${sql.lit(REMEMBERED_FOR)}::interval)
  `.execute(database)
  return rows.map((row) => ({
    producer: row.producer,
    boot: row.boot,
    stored: row.stored,
    told: row.told,
    missing: row.missing ?? [],
    heardAtMs: row.heard_at.getTime(),
    hasEnded: row.has_ended,
    isTailUnknown: row.is_tail_unknown,
    raised: row.raised
  }))
}
