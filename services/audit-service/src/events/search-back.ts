import type { AuditEvent, EventPage } from '@patgate/contracts'
import { sql } from 'kysely'
import { formatCursor, type Position } from './cursor.ts'
import { mergeBranches, type SlicedLog } from './newest.ts'
import { occurs } from './text-search.ts'

// No index finds a text, because one would cost more for each event than all the others together. So a search looks at
// the newest events first, in steps, and gives up a page after so many: the caller goes on from there, or narrows it.
const EVENTS_PER_STEP = 1_000
const STEPS_PER_PAGE = 8

export interface Search {
  readonly text: string
  readonly behind: Position | null
  readonly limit: number
}

/**
 * The newest events in which the text occurs. A page may hold fewer than were asked for, even none, and still have a
 * cursor: then so many were looked at, and the search goes on behind them.
 */
export async function searchBack(log: SlicedLog, { text, behind, limit }: Search): Promise<EventPage> {
  const items: AuditEvent[] = []
  let at = behind
  for (let step = 0; step < STEPS_PER_PAGE; step += 1) {
    const looked = await lookThrough(log, text, at)
    const found = looked.found.slice(0, limit - items.length)
    items.push(...found)
    const last = items.at(-1)
    // One more than fits is left for the next page, which begins right behind the last that did.
    if (found.length < looked.found.length && last !== undefined) return { items, next_cursor: formatCursor(last) }
    if (looked.end === null) return { items, next_cursor: null }
    at = looked.end
    if (items.length === limit) break
  }
  return { items, next_cursor: at === null ? null : formatCursor(at) }
}

interface Looked {
  readonly found: readonly AuditEvent[]
  /** The last event that was looked at; null when it was the last of all. */
  readonly end: Position | null
}

async function lookThrough({ database, branches }: SlicedLog, text: string, behind: Position | null): Promise<Looked> {
  const slice = { behind, count: EVENTS_PER_STEP }
  const looked = mergeBranches(database, branches(slice), slice).selectAll()
  const rows = await database
    .with('looked', (db) => db.selectFrom(looked.as('step')).selectAll())
    .with('judged', (db) =>
      db
        .selectFrom('looked')
        .select([
          'event',
          'id',
          sql<string>`event ->> 'time'`.as('time'),
          occurs(text).as('matches'),
          sql<number>`row_number() over (order by time desc, id desc, leaf_index desc)`.as('place'),
          sql<number>`count(*) over ()`.as('count')
        ])
    )
    .selectFrom('judged')
    .select(['id', 'time', 'matches', 'count', sql<AuditEvent>`case when matches then event end`.as('event')])
    .where((row) => row.or([row('matches', '=', true), row('place', '=', row.ref('count'))]))
    .orderBy('place')
    .execute()
  const last = rows.at(-1)
  return {
    found: rows.filter(({ matches }) => matches).map(({ event }) => event),
    end: last === undefined || last.count < EVENTS_PER_STEP ? null : { time: last.time, id: last.id }
  }
}
