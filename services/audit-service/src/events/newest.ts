import type { AuditEvent } from '@patgate/contracts'
import { type Expression, type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import type { Position } from './cursor.ts'
import type { Condition } from './visibility.ts'

/*
 * An `or` over several indices would leave PostgreSQL to read and sort everything that matches. So each alternative is a
 * branch of its own that reads the newest events off one index, in its order, and only those few are merged.
 */

/** Which part of a list is wanted: so many, behind a position or from the top. */
export interface Slice {
  readonly behind: Position | null
  readonly count: number
}

export interface EventRow {
  readonly time: Date
  readonly id: string
  readonly leaf_index: number
  readonly event: AuditEvent
}

export type Branch = Expression<EventRow>

/** Reads a slice of what somebody may see and asks for, off the indices that have it in order. */
export interface SlicedLog {
  readonly database: Kysely<AuditDatabase>
  readonly branches: (slice: Slice) => readonly Branch[]
}

/** The newest events that fulfil all conditions. */
export function newest(
  database: Kysely<AuditDatabase>,
  conditions: readonly Condition[],
  { behind, count }: Slice
): SelectQueryBuilder<AuditDatabase, 'audit_events', EventRow> {
  const rows = database
    .selectFrom('audit_events')
    .select(['time', 'id', 'leaf_index', 'event'])
    .where((events) => events.and(conditions.map((condition) => condition(events))))
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(count)
  if (behind === null) return rows
  return rows.where(sql<boolean>`(time, id) < (${behind.time}::timestamptz, ${behind.id}::uuid)`)
}

/** The newest events of each of the groups: one branch, however many groups, so that planning it stays cheap. */
export function newestInGroups(
  database: Kysely<AuditDatabase>,
  slugs: readonly string[],
  conditions: readonly Condition[],
  slice: Slice
): Branch {
  const inGroup: Condition = () => sql<boolean>`group_slug = managed.slug`
  return sql<EventRow>`
    select found.*
    from unnest(${slugs}::text[]) as managed (slug)
    cross join lateral (${newest(database, [...conditions, inGroup], slice)}) as found
    order by found.time desc, found.id desc
    limit ${slice.count}`
}

/** The newest of all branches, each event once and in order. */
export function mergeBranches(database: Kysely<AuditDatabase>, branches: readonly Branch[], { count }: Slice) {
  const union = sql.join(
    branches.map((branch) => sql`(${branch})`),
    sql` union all `
  )
  return database
    .selectFrom(sql<EventRow>`(${union})`.as('merged'))
    .distinctOn(['time', 'id', 'leaf_index'])
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .orderBy('leaf_index', 'desc')
    .limit(count)
}
