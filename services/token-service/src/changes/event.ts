import type { Actor, AuditEvent, EventRequest, EventType, Outcome, Target } from '@patgate/contracts'
import { redactSecrets } from '@patgate/service-kit'
import { v7 as uuidv7 } from 'uuid'

/** Who does something, and by which request; null where no request did it. */
export interface Origin {
  readonly actor: Actor
  readonly request: EventRequest | null
}

/** What a use case says about what it did; the change log adds the rest of the envelope. */
export interface EventDraft {
  readonly type: EventType
  readonly origin: Origin
  readonly target: Target | null
  readonly outcome?: Outcome
  readonly group?: string
  readonly reason?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** The service itself as an actor, for what nobody asked for: sweeps and the first administrator. */
export const BY_SERVICE: Origin = {
  actor: {
    kind: 'service',
    id: null,
    name: 'token-service',
    token_id: null,
    session_id: null,
    address: null,
    user_agent: null
  },
  request: null
}

/**
 * Completes the envelope, as JSON, but for the place among all events that the token service ever recorded, which is known
 * only once the change log is locked (audit.md, "Durability", 4). A name or description may hold a secret that somebody
 * pasted, so the whole text is searched for the shape of one.
 */
export function unplacedEventJson(draft: EventDraft, at: Date): string {
  const event: Omit<AuditEvent, 'boot' | 'seq'> = {
    id: uuidv7(),
    producer: 'token-service',
    time: at.toISOString(),
    type: draft.type,
    outcome: draft.outcome ?? 'success',
    actor: draft.origin.actor,
    group: draft.group ?? null,
    target: draft.target,
    operation: null,
    reason: draft.reason ?? null,
    request: draft.origin.request,
    details: { ...draft.details }
  }
  return redactSecrets(JSON.stringify(event))
}
