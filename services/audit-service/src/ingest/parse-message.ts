import { isUtf8 } from 'node:buffer'
import { AuditEvent, EventBatch } from '@patgate/contracts'
import { type Static, Type } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { OWN_PRODUCER } from '../own-events/own-log.ts'
import { eventKey } from '../store/event-key.ts'
import type { ParkedItem } from '../store/park.ts'
import type { Arrival } from '../store/store-or-park.ts'

/** What a message came down to: events that may be believed, and what has to be parked. */
export interface ParsedMessage {
  readonly arrivals: readonly Arrival[]
  readonly parked: readonly ParkedItem[]
}

// The envelope of a batch with its events unread, so that one bad event does not take the others along.
const Envelope = Type.Object(
  { ...EventBatch.properties, events: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1000 }) },
  { additionalProperties: false }
)

const versioned = Compile(Type.Object({ version: Type.Unknown() }))
const envelope = Compile(Envelope)
const auditEvent = Compile(AuditEvent)

/** Reads one message of the bus, which is bytes from somebody until the contract has accepted it. */
export function parseMessage(subject: string, payload: Uint8Array): ParsedMessage {
  const refuse = (reason: string): ParsedMessage => ({
    arrivals: [],
    parked: [{ subject, reason, payload, key: null }]
  })
  const message = parseJson(payload)
  if (message === undefined) return refuse('not JSON')
  if (versioned.Check(message) && message.version !== 1) return refuse('unknown version')
  if (!envelope.Check(message)) return refuse(`not a batch: ${firstMistake(envelope, message)}`)
  return sortEvents(subject, message)
}

function sortEvents(subject: string, { events }: Static<typeof Envelope>): ParsedMessage {
  const arrivals: Arrival[] = []
  const parked: ParkedItem[] = []
  for (const event of events) {
    const reason = reasonToPark(event)
    if (reason === null) arrivals.push({ subject, event: event as AuditEvent })
    else parked.push({ subject, reason, payload: Buffer.from(JSON.stringify(event)), key: keyToCount(event) })
  }
  return { arrivals, parked }
}

function reasonToPark(event: unknown): string | null {
  if (!auditEvent.Check(event)) return `not an event: ${firstMistake(auditEvent, event)}`
  // The audit service writes its own events past the bus: whoever sends one here is somebody else.
  return event.producer === OWN_PRODUCER ? 'claims to come from the audit service' : null
}

function keyToCount(event: unknown): ParkedItem['key'] {
  const key = eventKey(event)
  return key?.producer === OWN_PRODUCER ? null : key
}

function firstMistake(validator: Validator, value: unknown): string {
  const [mistake] = validator.Errors(value)
  return mistake === undefined ? 'not valid' : `${mistake.instancePath || '/'} ${mistake.message}`.slice(0, 500)
}

function parseJson(payload: Uint8Array): unknown {
  // Bytes that are no text must not be read as some other text, which then would be what is hashed.
  if (!isUtf8(payload)) return undefined
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString())
  } catch {
    return undefined
  }
}
