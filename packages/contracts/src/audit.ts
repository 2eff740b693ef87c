import { type Static, Type } from 'typebox'
import { AuditEvent, EventType, Outcome } from './events.ts'
import { closed, Duration, Id, nullable, OperationName, page, Slug, Timestamp } from './primitives.ts'

/** PostgreSQL's texts hold every character but this one. */
const NO_NUL = '^[^\\u0000]+$'

const filters = {
  actor: Type.Optional(Id),
  token: Type.Optional(Id),
  group: Type.Optional(Slug),
  type: Type.Optional(EventType),
  outcome: Type.Optional(Outcome),
  target_type: Type.Optional(Type.String({ pattern: NO_NUL, maxLength: 64 })),
  target_id: Type.Optional(Type.String({ pattern: NO_NUL, maxLength: 255 })),
  operation: Type.Optional(OperationName),
  address: Type.Optional(
    Type.String({ anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }], description: 'One IP address, compared exactly' })
  ),
  q: Type.Optional(
    Type.String({
      pattern: NO_NUL,
      maxLength: 128,
      description: 'A text that occurs in the event, in whatever case: in a name, a path, an id, a reason, its details'
    })
  ),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp)
}

/** Filters of the audit log; all have to hold. `from` inclusive, `to` exclusive, both on the event's own time. */
export const EventFilters = closed(filters)
export type EventFilters = Static<typeof EventFilters>

/** The log as a list, newest first. */
export const ListEventsQuery = closed({
  ...filters,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 }))
})
export type ListEventsQuery = Static<typeof ListEventsQuery>

/** With `q` a page may hold fewer than `limit`, even none, and still have a cursor: the search goes on behind it. */
export const EventPage = page(AuditEvent)
export type EventPage = Static<typeof EventPage>

/** By what events are counted. */
export const STATS_DIMENSIONS = ['type', 'outcome', 'token', 'actor', 'operation'] as const
export type StatsDimension = (typeof STATS_DIMENSIONS)[number]

/** `GET /v1/audit/stats`: without `from` the day before `to`, without `to` until now; at most 1,000 intervals. */
export const StatsQuery = closed({
  ...filters,
  by: Type.Optional(Type.Enum(STATS_DIMENSIONS, { default: 'type' })),
  interval: Type.Optional(Duration)
})
export type StatsQuery = Static<typeof StatsQuery>

const Count = Type.Integer({ minimum: 0 })
const Counts = Type.Array(Count, { description: 'One for each of `times`' })

/** Counts over time, as a chart wants them. */
export const AuditStats = closed({
  by: Type.Enum(STATS_DIMENSIONS),
  from: Timestamp,
  to: Timestamp,
  interval: Duration,
  /** When each interval begins; multiples of the interval, so the first may begin before `from`. */
  times: Type.Array(Timestamp),
  total: Count,
  /** The most frequent first, twenty at most. */
  series: Type.Array(
    closed({
      /** Null for events that have no such thing, such as an operation. */
      key: nullable(Type.String()),
      /** Of an actor or a token, as the newest event that names it has it. */
      name: nullable(Type.String()),
      total: Count,
      counts: Counts
    })
  ),
  /** Everything that is in no series; null when nothing is left. */
  others: nullable(closed({ total: Count, counts: Counts }))
})
export type AuditStats = Static<typeof AuditStats>
