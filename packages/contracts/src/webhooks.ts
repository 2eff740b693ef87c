import { type Static, Type } from 'typebox'
import { EventFilters } from './audit.ts'
import { WEBHOOK_KINDS } from './choices.ts'
import { EVENT_FAMILIES } from './event-types.ts'
import { EventType } from './events.ts'
import { closed, Id, Name, nullable, page, Timestamp } from './primitives.ts'

export const WebhookKind = Type.Enum(WEBHOOK_KINDS)
export type WebhookKind = Static<typeof WebhookKind>

const { type: _type, q: _text, from: _from, to: _to, ...narrowing } = EventFilters.properties

/** Which events are sent: those that fulfil all of it; all events where it is empty. */
export const WebhookFilter = closed({
  ...narrowing,
  /** Any of these types or families. */
  types: Type.Optional(Type.Array(Type.Union([EventType, Type.Enum(EVENT_FAMILIES)]), { minItems: 1, maxItems: 100 }))
})
export type WebhookFilter = Static<typeof WebhookFilter>

const Url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: '`https://…`, or `syslog+tls://host:port` and `syslog+tcp://host:port` for the kind `syslog`'
})

/** Headers of every request, such as a SIEM's `Authorization`; nobody is shown their values again. */
const Headers = Type.Record(
  Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$" }),
  Type.String({ pattern: '^[\\x20-\\x7e]{1,4096}$' }),
  { maxProperties: 16 }
)

export const CreateWebhookBody = closed({
  name: Name,
  kind: Type.Optional(Type.Enum(WEBHOOK_KINDS, { default: 'webhook' })),
  url: Url,
  filter: Type.Optional(WebhookFilter),
  headers: Type.Optional(Headers),
  enabled: Type.Optional(Type.Boolean({ default: true })),
  /** With what is stored from now on, or with the oldest event there is. */
  start: Type.Optional(Type.Enum(['now', 'beginning'], { default: 'now' }))
})
export type CreateWebhookBody = Static<typeof CreateWebhookBody>

export const PatchWebhookBody = closed({
  name: Type.Optional(Name),
  url: Type.Optional(Url),
  filter: Type.Optional(WebhookFilter),
  headers: Type.Optional(Headers),
  enabled: Type.Optional(Type.Boolean())
})
export type PatchWebhookBody = Static<typeof PatchWebhookBody>

const Count = Type.Integer({ minimum: 0 })

export const WebhookBody = closed({
  id: Id,
  name: Name,
  kind: WebhookKind,
  url: Type.String(),
  filter: WebhookFilter,
  /** Without their values. */
  headers: Type.Array(Type.String()),
  enabled: Type.Boolean(),
  /** Why it was switched off, where nobody did that. */
  disabled_reason: nullable(Type.String()),
  created_at: Timestamp,
  created_by: Id,
  updated_at: Timestamp,
  /** How many stored events were not looked at yet. */
  behind: Count,
  /** How many are being sent again; only a `webhook` goes on with others meanwhile. */
  retrying: Count,
  dead_letters: Count,
  last_delivered_at: nullable(Timestamp),
  last_failed_at: nullable(Timestamp),
  last_failure: nullable(Type.String())
})
export type WebhookBody = Static<typeof WebhookBody>

/** The secret (`whsec_…`) is in this answer and in no other; null for kinds that sign nothing. */
export const WebhookWithSecret = closed({ ...WebhookBody.properties, secret: nullable(Type.String()) })
export type WebhookWithSecret = Static<typeof WebhookWithSecret>

export const WebhookPage = page(WebhookBody)
export type WebhookPage = Static<typeof WebhookPage>

/** An event that was given up. */
export const DeadLetterBody = closed({
  event_id: Id,
  event_type: nullable(EventType),
  event_time: nullable(Timestamp),
  attempts: Count,
  failed_at: Timestamp,
  failure: Type.String()
})
export type DeadLetterBody = Static<typeof DeadLetterBody>

export const DeadLetterPage = page(DeadLetterBody)
export type DeadLetterPage = Static<typeof DeadLetterPage>

export const DeadLetterParams = closed({ id: Id, event_id: Id })
export type DeadLetterParams = Static<typeof DeadLetterParams>
