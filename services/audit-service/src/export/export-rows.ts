import type { AuditEvent } from '@patgate/contracts'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import type { ExportPlan } from './plan-export.ts'

/** An event on its way into an export. */
export interface ExportRow {
  readonly leaf_index: number
  readonly event: AuditEvent
  /** False for an event that is only there because nothing may be missing in between. */
  readonly matches: boolean
}

// Eight tiles. A window of leaves costs the same wherever it is and whatever is asked for; and between two windows
// nothing is held, so a slow reader keeps no connection and no snapshot.
const LEAVES_PER_PAGE = 2_048

/** The rows of an export in the order of their leaves, page by page; memory holds one page. */
export async function* exportPages(
  database: Kysely<AuditDatabase>,
  { range, isContiguous, isAskedFor }: ExportPlan
): AsyncGenerator<ExportRow[]> {
  if (range === null) return
  for (let from = range.first; from <= range.last; from += LEAVES_PER_PAGE) {
    const rows = await database
      .selectFrom('audit_events')
      .select((events) => ['leaf_index', 'event', events.and([isAskedFor(events)]).as('matches')])
      .where('leaf_index', '>=', from)
      .where('leaf_index', '<', Math.min(from + LEAVES_PER_PAGE, range.last + 1))
      .$if(!isContiguous, (query) => query.where(isAskedFor))
      .orderBy('leaf_index')
      .execute()
    yield rows.map(({ leaf_index, event, matches }) => ({ leaf_index, event, matches: Boolean(matches) }))
  }
}
