import { type Static, Type } from 'typebox'
import { EVENT_TYPES } from './event-types.ts'
import { closed, Id, nullable, OperationName, Timestamp } from './primitives.ts'

export const EventType = Type.Enum(EVENT_TYPES)
export type EventType = Static<typeof EventType>

export const Outcome = Type.Union([Type.Literal('success'), Type.Literal('denied'), Type.Literal('failure')])
export type Outcome = Static<typeof Outcome>

export const Actor = closed({
  kind: Type.Union([
    Type.Literal('human'),
    Type.Literal('bot'),
    Type.Literal('session'),
    Type.Literal('service'),
    Type.Literal('anonymous')
  ]),
  id: nullable(Id),
  name: nullable(Type.String()),
  token_id: nullable(Id),
  session_id: nullable(Id),
  address: nullable(Type.String()),
  user_agent: nullable(Type.String())
})
export type Actor = Static<typeof Actor>

export const Target = closed({ type: Type.String(), id: Type.String() })
export type Target = Static<typeof Target>

export const EventRequest = closed({
  id: Type.String(),
  method: Type.String(),
  path: Type.String(),
  status: nullable(Type.Integer()),
  duration_ms: nullable(Type.Number())
})
export type EventRequest = Static<typeof EventRequest>

/**
 * The one envelope of audit.md. `(producer, boot, seq)` is the key by which an event is stored once;
 * `details.owner_id` names the person whose token it is about, who may therefore read it.
 */
export const AuditEvent = closed({
  id: Id,
  producer: Type.String({ minLength: 1, maxLength: 128 }),
  boot: Id,
  seq: Type.Integer({ minimum: 1 }),
  time: Timestamp,
  type: EventType,
  outcome: Outcome,
  actor: Actor,
  group: nullable(Type.String()),
  target: nullable(Target),
  operation: nullable(OperationName),
  reason: nullable(Type.String()),
  request: nullable(EventRequest),
  details: Type.Record(Type.String(), Type.Unknown())
})
export type AuditEvent = Static<typeof AuditEvent>

/** What travels on `patgate.audit.*`: events of one producer and boot, in the order of their numbers. */
export const EventBatch = closed({
  version: Type.Literal(1),
  events: Type.Array(AuditEvent, { minItems: 1, maxItems: 1000 })
})
export type EventBatch = Static<typeof EventBatch>
