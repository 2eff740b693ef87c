import type { AuditEvent, EventPage, ListEventsQuery } from '@patgate/contracts'
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import type { AuditDatabase } from '../database/schema.ts'
import { formatCursor, type Position, parseCursor } from './cursor.ts'
import { alternativesOf, requiredBy } from './filters.ts'
import { type Condition, visibilityOf } from './visibility.ts'

export interface ListEventsDeps {
  readonly database: Kysely<AuditDatabase>
}

const DEFAULT_LIMIT = 50

type EventRows = SelectQueryBuilder<
  AuditDatabase,
  'audit_events',
  { time: Date; id: string; leaf_index: number; event: AuditEvent }
>

/** One page of the events the caller may see, newest first, behind the query's cursor. */
export async function listEvents(
  { database }: ListEventsDeps,
  caller: Caller,
  query: ListEventsQuery
): Promise<EventPage> {
  const { limit = DEFAULT_LIMIT, cursor, ...filters } = query
  const position = cursor === undefined ? null : parseCursor(cursor)
  const required = requiredBy(filters)
  const branches = alternativesOf(filters).flatMap((alternative) =>
    visibilityOf(caller).map((visible) => branch(database, [...required, alternative, visible], position, limit + 1))
  )
  const rows = await merge(database, branches, limit + 1)
  const items = rows.slice(0, limit).map(({ event }) => event)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last !== undefined ? formatCursor(last) : null }
}

/** The newest events that fulfil all conditions: read off one index, in its order, until there are enough. */
function branch(
  database: Kysely<AuditDatabase>,
  conditions: readonly Condition[],
  position: Position | null,
  count: number
): EventRows {
  const rows = database
    .selectFrom('audit_events')
    .select(['time', 'id', 'leaf_index', 'event'])
    .where((events) => events.and(conditions.map((condition) => condition(events))))
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(count)
  if (position === null) return rows
  return rows.where(sql<boolean>`(time, id) < (${position.time}::timestamptz, ${position.id}::uuid)`)
}

/**
 * The newest of several branches, each event once. An `or` over the branches would leave PostgreSQL to read and sort
 * everything that matches; so each branch brings its own newest, and only those are sorted.
 */
function merge(database: Kysely<AuditDatabase>, branches: readonly EventRows[], count: number) {
  const [first, ...others] = branches
  if (first === undefined) return Promise.resolve([])
  if (others.length === 0) return first.execute()
  const union = others.reduce(
    (merged, other) => sql`${merged} union all (${other})`,
    sql<{ event: AuditEvent }>`(${first})`
  )
  return database
    .selectFrom(sql<{ time: Date; id: string; leaf_index: number; event: AuditEvent }>`(${union})`.as('merged'))
    .distinctOn(['time', 'id', 'leaf_index'])
    .select('event')
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .orderBy('leaf_index', 'desc')
    .limit(count)
    .execute()
}
