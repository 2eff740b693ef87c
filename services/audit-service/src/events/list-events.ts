import type { EventFilters, EventPage, ListEventsQuery } from '@patgate/contracts'
import type { Kysely } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import type { AuditDatabase } from '../database/schema.ts'
import { formatCursor, type Position, parseCursor } from './cursor.ts'
import { alternativesOf, requiredBy } from './filters.ts'
import { type Branch, mergeBranches, newest, newestInGroups, type Slice, type SlicedLog } from './newest.ts'
import { searchBack } from './search-back.ts'
import { visibilityOf } from './visibility.ts'

export interface ListEventsDeps {
  readonly database: Kysely<AuditDatabase>
}

const DEFAULT_LIMIT = 50

/** One page of the events the caller may see, newest first, behind the query's cursor. */
export async function listEvents(
  { database }: ListEventsDeps,
  caller: Caller,
  query: ListEventsQuery
): Promise<EventPage> {
  const { limit = DEFAULT_LIMIT, cursor, q, ...filters } = query
  const behind = cursor === undefined ? null : parseCursor(cursor)
  const branches = (slice: Slice) => branchesOf(database, caller, filters, slice)
  if (q !== undefined) return searchBack({ database, branches }, { text: q, behind, limit })
  return pageOf({ database, branches }, { behind, limit })
}

async function pageOf(
  { database, branches }: SlicedLog,
  { behind, limit }: { behind: Position | null; limit: number }
): Promise<EventPage> {
  // One more than asked for, to know whether there is a next page.
  const slice: Slice = { behind, count: limit + 1 }
  const rows = await mergeBranches(database, branches(slice), slice).select('event').execute()
  const items = rows.slice(0, limit).map(({ event }) => event)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last !== undefined ? formatCursor(last) : null }
}

function branchesOf(database: Kysely<AuditDatabase>, caller: Caller, filters: EventFilters, slice: Slice): Branch[] {
  const { conditions, groups } = visibilityOf(caller)
  const askedGroups = groups.filter((slug) => filters.group === undefined || filters.group === slug)
  return alternativesOf(filters).flatMap((alternative) => {
    const required = [...requiredBy(filters), alternative]
    const own = conditions.map((visible) => newest(database, [...required, visible], slice))
    return askedGroups.length === 0 ? own : [...own, newestInGroups(database, askedGroups, required, slice)]
  })
}
