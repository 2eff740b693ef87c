import type { AuditEvent, ExportQuery } from '@patgate/contracts'
import type { ColumnType, Generated } from 'kysely'
import type { Caller } from '../auth/caller.ts'

/** The tables of the audit service. */
export interface AuditDatabase {
  audit_head: AuditHeadTable
  audit_events: AuditEventsTable
  audit_progress: AuditProgressTable
  parked_messages: ParkedMessagesTable
  audit_tiles: AuditTilesTable
  audit_checkpoints: AuditCheckpointsTable
  audit_exports: AuditExportsTable
}

/** One row: the size of the log, and the lock by which there is one writer at a time. */
export interface AuditHeadTable {
  only_row: Generated<true>
  size: number
  last_received_at: Date
}

/** The event as it came, beside the columns by which it is found. Rows are only ever inserted. */
export interface AuditEventsTable {
  leaf_index: number
  received_at: Date
  id: string
  producer: string
  boot: string
  seq: number
  time: ColumnType<Date, string, never>
  type: string
  outcome: string
  actor_id: string | null
  token_id: string | null
  owner_id: string | null
  group_slug: string | null
  target_type: string | null
  target_id: string | null
  operation: string | null
  address: string | null
  event: ColumnType<AuditEvent, string, never>
}

/** Which numbers of a producer's boot are stored: all up to `contiguous_seq`, and those in `later`. */
export interface AuditProgressTable {
  producer: string
  boot: string
  contiguous_seq: number
  later: string
  updated_at: Generated<Date>
}

/** What could not be understood or stored, once per content, with the reason. */
export interface ParkedMessagesTable {
  digest: Buffer
  subject: string
  reason: string
  payload: Buffer
  producer: string | null
  boot: string | null
  seq: number | null
  first_seen_at: Generated<Date>
  last_seen_at: Generated<Date>
  times_seen: Generated<number>
}

/** The tree over the log in tiles (C2SP tlog-tiles): the newest state of each. */
export interface AuditTilesTable {
  level: number
  index: number
  hashes: Buffer
}

/** What was signed of the log; the folder of checkpoints has the same, out of the database's reach. */
export interface AuditCheckpointsTable {
  tree_size: number
  root: Buffer
  note: string
  created_at: Date
}

/** Exports that are too large to be streamed at once. */
export interface AuditExportsTable {
  id: string
  caller: ColumnType<Caller, string, never>
  query: ColumnType<ExportQuery, string, never>
  state: ColumnType<'waiting' | 'ready' | 'failed', never, 'ready' | 'failed'>
  created_at: Date
  finished_at: ColumnType<Date | null, never, Date>
}
