import type { AuditEvent } from '@patgate/contracts'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import type { Condition } from '../events/visibility.ts'
import type { LogGrowth } from './log-growth.ts'

/** What came since the part before. */
export interface NewPart {
  readonly rows: readonly { readonly leaf_index: number; readonly event: AuditEvent }[]
  /** All of the log up to this leaf, exclusive, was looked at. */
  readonly end: number
}

export interface FollowDeps {
  readonly database: Kysely<AuditDatabase>
  readonly growth: LogGrowth
}

export interface Following {
  /** The first leaf to look at. */
  readonly begin: number
  /** Asked anew for each part, so that what may be seen can change on the way. */
  readonly condition: () => Promise<Condition>
  /** A part without events comes after so much silence. */
  readonly silenceMs: number
  readonly signal: AbortSignal
}

const LEAVES_PER_PART = 1_000

/** The events that fulfil the condition, in the order of the log, as they are stored; until the signal. */
export async function* followEvents(deps: FollowDeps, following: Following): AsyncGenerator<NewPart> {
  const { condition, silenceMs, signal } = following
  let begin = following.begin
  while (!signal.aborted) {
    const size = (await deps.growth.beyond(begin, silenceMs, signal)) ?? begin
    if (size === begin && !signal.aborted) yield { rows: [], end: begin }
    while (begin < size && !signal.aborted) {
      const end = Math.min(begin + LEAVES_PER_PART, size)
      const isWanted = await condition()
      const rows = await deps.database
        .selectFrom('audit_events')
        .select(['leaf_index', 'event'])
        .where('leaf_index', '>=', begin)
        .where('leaf_index', '<', end)
        .where(isWanted)
        .orderBy('leaf_index')
        .execute()
      begin = end
      yield { rows, end }
    }
  }
}
