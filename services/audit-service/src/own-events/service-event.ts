import type { EventType, Outcome } from '@patgate/contracts'
import type { OwnEvent } from './own-log.ts'

/** Something that this service did or found by itself, for nobody. */
export function serviceEvent(type: EventType, outcome: Outcome, details: Record<string, unknown>): OwnEvent {
  return {
    type,
    outcome,
    actor: {
      kind: 'service',
      id: null,
      name: 'audit-service',
      token_id: null,
      session_id: null,
      address: null,
      user_agent: null
    },
    group: null,
    target: null,
    operation: null,
    reason: null,
    request: null,
    details
  }
}
