import { type Static, Type } from 'typebox'
import { EventFilters } from './audit.ts'
import { ConsistencyBody } from './audit-log.ts'
import { AuditEvent } from './events.ts'
import { closed, Id, nullable } from './primitives.ts'

const Index = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** The filters of the list, the format, and the size of an older checkpoint with which the export is to be compared. */
export const ExportQuery = closed({
  ...EventFilters.properties,
  format: Type.Optional(Type.Union([Type.Literal('ndjson'), Type.Literal('csv')], { default: 'ndjson' })),
  consistent_with: Type.Optional(Index)
})
export type ExportQuery = Static<typeof ExportQuery>

/** The first line of an NDJSON export. Everything in it that matters is checked against the lines or the signature. */
export const ExportHeader = closed({
  patgate_export: Type.Literal(1),
  /** As they were asked for; empty for a whole log. */
  filters: Type.Record(Type.String(), Type.String()),
  /** True when events between the lines may be missing; false when the lines follow each other without a gap. */
  filtered: Type.Boolean(),
  /** The first and the last leaf of the lines; null when there is no line. */
  range: nullable(closed({ first: Index, last: Index })),
  count: Index,
  /** The verifier's key (C2SP signed-note) that signed the checkpoint. */
  public_key: Type.String(),
  /** Keys that signed older checkpoints. */
  retired_keys: Type.Array(Type.String()),
  checkpoint: Type.String(),
  /** Where `consistent_with` was asked for. */
  consistency: nullable(ConsistencyBody)
})
export type ExportHeader = Static<typeof ExportHeader>

/** Each further line: an event, where it stands in the log, and the hashes that lead to the checkpoint. */
export const ExportLine = closed({
  leaf_index: Index,
  /** Present on an event that matches no filter and is here because nothing may be missing between two that do. */
  outside: Type.Optional(Type.Literal(true)),
  hashes: Type.Array(Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })),
  event: AuditEvent
})
export type ExportLine = Static<typeof ExportLine>

/** A large export: where it will be, and how far it is. */
export const ExportTicket = closed({
  id: Id,
  url: Type.String(),
  state: Type.Union([Type.Literal('waiting'), Type.Literal('ready'), Type.Literal('failed')])
})
export type ExportTicket = Static<typeof ExportTicket>
