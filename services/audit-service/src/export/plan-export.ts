import type { EventFilters, ExportQuery } from '@patgate/contracts'
import { type Checkpoint, openCheckpoint } from '@patgate/merkle-log'
import { Fault, invalidField } from '@patgate/service-kit'
import { type Kysely, sql } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import type { AuditKeys } from '../checkpoints/audit-keys.ts'
import type { Checkpointing } from '../checkpoints/start-checkpointing.ts'
import type { AuditDatabase } from '../database/schema.ts'
import { matching } from '../events/filters.ts'
import { type Condition, isVisible, visibilityOf } from '../events/visibility.ts'

export interface PlanExportDeps {
  readonly database: Kysely<AuditDatabase>
  readonly auditKeys: AuditKeys
  readonly checkpointing: Checkpointing
}

/** What an export will hold; fixed before its first line is written. */
export interface ExportPlan {
  readonly filters: Readonly<Record<string, string>>
  /** Everything exported is covered by it. */
  readonly checkpoint: Checkpoint
  /** The size of an older log with which this one is to be compared. */
  readonly consistentWith: number | null
  /** Whether the lines follow each other without a gap, as they do when only time was asked for. */
  readonly isContiguous: boolean
  /** First and last leaf; null when there is nothing to export. */
  readonly range: { readonly first: number; readonly last: number } | null
  /** How many lines. */
  readonly count: number
  /** What was asked for, and may be seen. */
  readonly isAskedFor: Condition
}

/** Makes the checkpoint at which the export ends, and finds out how much there is. */
export async function planExport(deps: PlanExportDeps, caller: Caller, query: ExportQuery): Promise<ExportPlan> {
  const { format: _format, consistent_with, ...filters } = query
  const checkpoint = await coveringCheckpoint(deps)
  if (consistent_with !== undefined && consistent_with > checkpoint.size) {
    throw invalidField('/consistent_with', `is more than the ${checkpoint.size} events of the log`)
  }
  const isContiguous = caller.isAdmin && Object.keys(filters).every((name) => name === 'from' || name === 'to')
  const isAskedFor = conditionOf(caller, filters)
  const isWhole = isContiguous && Object.keys(filters).length === 0
  const found = isWhole
    ? await measureAll(deps.database, checkpoint.size)
    : await measure(deps.database, checkpoint.size, isAskedFor)
  const { range } = found
  return {
    filters: Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, String(value)])),
    checkpoint,
    consistentWith: consistent_with ?? null,
    isContiguous,
    range,
    count: isContiguous && range !== null ? range.last - range.first + 1 : found.count,
    isAskedFor
  }
}

async function coveringCheckpoint({ checkpointing, auditKeys }: PlanExportDeps): Promise<Checkpoint> {
  const last = await checkpointing.coverAll()
  if (last === null) throw new Fault('unavailable', { message: 'there is no checkpoint, and none can be signed' })
  return openCheckpoint(last.note, auditKeys.keys)
}

function conditionOf(caller: Caller, filters: EventFilters): Condition {
  const [visible, matches] = [isVisible(visibilityOf(caller)), matching(filters)]
  return (events) => events.and([visible(events), matches(events)])
}

async function measure(
  database: Kysely<AuditDatabase>,
  size: number,
  isAskedFor: Condition
): Promise<Pick<ExportPlan, 'range' | 'count'>> {
  const { first, last, count } = await database
    .selectFrom('audit_events')
    .select([
      sql<number | null>`min(leaf_index)`.as('first'),
      sql<number | null>`max(leaf_index)`.as('last'),
      sql<number>`count(*)`.as('count')
    ])
    .where('leaf_index', '<', size)
    .where(isAskedFor)
    .executeTakeFirstOrThrow()
  return { range: first === null || last === null ? null : { first, last }, count }
}

/** The whole log, from the first event that retention left, up to the checkpoint: whether or not all of it is there. */
async function measureAll(database: Kysely<AuditDatabase>, size: number): Promise<Pick<ExportPlan, 'range' | 'count'>> {
  const { first_leaf: first } = await database.selectFrom('audit_head').select('first_leaf').executeTakeFirstOrThrow()
  if (size <= first) return { range: null, count: 0 }
  return { range: { first, last: size - 1 }, count: size - first }
}
