import type { AuditEvent, ExportQuery, WebhookFilter, WebhookKind } from '@patgate/contracts'
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
  audit_boots: AuditBootsTable
  webhooks: WebhooksTable
  webhook_deliveries: WebhookDeliveriesTable
}

/** One row: where the log begins and ends, and the lock by which there is one writer at a time. */
export interface AuditHeadTable {
  only_row: Generated<true>
  size: number
  last_received_at: Date
  /** Retention removed every event before this one. */
  first_leaf: Generated<number>
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
  /** Null where the actor is the owner. */
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

/** One run of a producer: what it told of itself. */
export interface AuditBootsTable {
  producer: string
  boot: string
  heard_at: Generated<Date>
  /** The highest number that it, or its successor, told of. */
  told_seq: Generated<number>
  /** It has told that it lives: of those that never do, only holes are noticed. */
  has_begun: Generated<boolean>
  has_stopped: Generated<boolean>
  /** The boot that came after it. */
  successor: string | null
  /** Its successor found nothing of it: nobody knows what its last events were. */
  is_tail_unknown: Generated<boolean>
  /** What was raised about it last. */
  raised: string | null
}

/** Where events are sent to, and how far that is. */
export interface WebhooksTable {
  id: string
  name: string
  kind: ColumnType<WebhookKind, WebhookKind, never>
  url: string
  filter: ColumnType<WebhookFilter, string, string>
  header_names: string[]
  /** Secrets and the values of headers, which only this service can read. */
  sealed: Buffer
  enabled: boolean
  disabled_reason: string | null
  created_at: Date
  created_by: string
  updated_at: Date
  /** The first leaf that was not looked at for it. */
  next_leaf: number
  failures_in_a_row: Generated<number>
  last_delivered_at: Date | null
  last_failed_at: Date | null
  last_failure: string | null
}

/** Events that did not arrive: to be sent again, or given up. */
export interface WebhookDeliveriesTable {
  webhook_id: string
  leaf_index: number
  event_id: string
  state: 'retrying' | 'dead'
  attempts: number
  failed_at: Date
  failure: string
}
