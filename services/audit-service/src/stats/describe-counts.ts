import type { AuditStats, StatsDimension } from '@patgate/contracts'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import { namesOfKeys } from './names-of-keys.ts'
import type { TimeAxis } from './time-axis.ts'

/** How many events of a key are in an interval. */
export interface CountRow {
  readonly key: string
  /** False for everything that is not among the most frequent. */
  readonly is_listed: boolean
  /** Which interval, from 0 on. */
  readonly place: number
  readonly count: number
}

export interface Counted {
  readonly by: StatsDimension
  readonly axis: TimeAxis
  readonly between: { readonly from: string; readonly to: string }
  readonly rows: readonly CountRow[]
}

/** Puts counts in the order in which a chart shows them, the most frequent first, with a zero where nothing was. */
export async function describeCounts(
  database: Kysely<AuditDatabase>,
  { by, axis, between, rows }: Counted
): Promise<AuditStats> {
  const keys = [...new Set(rows.filter(({ is_listed }) => is_listed).map(({ key }) => key))]
  const names = await namesOfKeys(database, by, keys.filter(Boolean))
  const countsOf = (belongs: (row: CountRow) => boolean) => {
    const counts = axis.startsMs.map(() => 0)
    for (const { place, count } of rows.filter(belongs)) counts[place] = (counts[place] ?? 0) + count
    return { total: counts.reduce((sum, count) => sum + count, 0), counts }
  }
  const series = keys
    .map((key) => ({
      key: key === '' ? null : key,
      name: names.get(key) ?? null,
      ...countsOf((row) => row.is_listed && row.key === key)
    }))
    .toSorted((one, other) => other.total - one.total || String(one.key).localeCompare(String(other.key)))
  const others = countsOf((row) => !row.is_listed)
  return {
    by,
    ...between,
    interval: axis.interval,
    times: axis.startsMs.map((startMs) => new Date(startMs).toISOString()),
    total: series.reduce((sum, { total }) => sum + total, others.total),
    series,
    others: others.total === 0 ? null : others
  }
}
