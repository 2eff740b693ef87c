import { type Static, Type } from 'typebox'
import { AuditEvent, EventType, Outcome } from './events.ts'
import { closed, Id, page, Slug, Timestamp } from './primitives.ts'

/** Filters of the audit log: newest first, `from` inclusive, `to` exclusive, both on the event's own time. */
export const ListEventsQuery = closed({
  actor: Type.Optional(Id),
  token: Type.Optional(Id),
  group: Type.Optional(Slug),
  type: Type.Optional(EventType),
  outcome: Type.Optional(Outcome),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 }))
})
export type ListEventsQuery = Static<typeof ListEventsQuery>

export const EventPage = page(AuditEvent)
export type EventPage = Static<typeof EventPage>
