import type { AuditStats, StatsDimension, StatsQuery } from '@patgate/contracts'
import { type Clock, Fault } from '@patgate/service-kit'
import { type Expression, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import type { AuditDatabase } from '../database/schema.ts'
import { matching } from '../events/filters.ts'
import { isVisible, visibilityOf } from '../events/visibility.ts'
import { type CountRow, describeCounts } from './describe-counts.ts'
import { AXIS_ORIGIN_MS, type TimeAxis, timeAxis } from './time-axis.ts'

export interface CountEventsDeps {
  readonly database: Kysely<AuditDatabase>
  readonly clock: Clock
}

const MOST_SERIES = 20
const COUNT_WITHIN_MS = 20_000
const QUERY_CANCELED = '57014'

/** What is counted apart, as text; the empty text where an event has no such thing. */
const KEYS: Readonly<Record<StatsDimension, RawBuilder<string>>> = {
  type: sql`type`,
  outcome: sql`outcome`,
  token: sql`coalesce(token_id::text, '')`,
  actor: sql`coalesce(actor_id::text, '')`,
  operation: sql`coalesce(operation, '')`
}

/** Counts the events that the caller may see and asks for, by one of their properties and over time. */
export async function countEvents(deps: CountEventsDeps, caller: Caller, query: StatsQuery): Promise<AuditStats> {
  const { by = 'type', interval: _interval, ...filters } = query
  const axis = timeAxis(query, deps.clock.now())
  const between = { from: new Date(axis.fromMs).toISOString(), to: new Date(axis.toMs).toISOString() }
  const [isSeen, isAsked] = [isVisible(visibilityOf(caller)), matching({ ...filters, ...between })]
  const rows = await withinTime(deps.database, (database) => {
    const places = database
      .selectFrom('audit_events')
      .select([KEYS[by].as('key'), placeOf(axis).as('place'), sql<number>`count(*)`.as('count')])
      .where((events) => events.and([isSeen(events), isAsked(events)]))
      .groupBy(sql`1, 2`)
    return mostFrequent(database, places)
  })
  return describeCounts(deps.database, { by, axis, between, rows })
}

function placeOf({ intervalMs, startsMs: [firstMs = AXIS_ORIGIN_MS] }: TimeAxis): RawBuilder<number> {
  return sql`floor((extract(epoch from time) * 1000 - ${sql.lit(firstMs)}) / ${sql.lit(intervalMs)})::int`
}

/** The most frequent keys by themselves, and all others as one. */
async function mostFrequent(database: Kysely<AuditDatabase>, places: Expression<unknown>): Promise<CountRow[]> {
  const { rows } = await sql<CountRow>`
    with places as materialized (${places}),
    listed as (select key from places group by key order by sum(count) desc, key limit ${sql.lit(MOST_SERIES)})
    select coalesce(listed.key, '') as key, listed.key is not null as is_listed, place, sum(places.count)::bigint as count
    from places left join listed using (key)
    group by listed.key, place
  `.execute(database)
  return rows
}

/** A count that takes too long is given up: the log must stay quick for everybody else. */
async function withinTime<T>(database: Kysely<AuditDatabase>, count: (database: Kysely<AuditDatabase>) => Promise<T>) {
  try {
    return await database.transaction().execute(async (transaction) => {
      await sql`set local statement_timeout = ${sql.lit(COUNT_WITHIN_MS)}`.execute(transaction)
      return count(transaction)
    })
  } catch (error) {
    if ((error as { code?: unknown }).code !== QUERY_CANCELED) throw error
    const detail = 'There are too many events to count in time: ask for a shorter time, or with more filters'
    throw new Fault('invalid_request', { detail, cause: error })
  }
}
