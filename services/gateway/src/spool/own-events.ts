import type { ProducerGapDetails, ProducerStartedDetails, ProducerStoppedDetails } from '@patgate/contracts'
import type { SpoolEvent } from './envelope.ts'

/** The first event of a boot: what came before it is named, so that what is missing of it can be noticed. */
export function startedEvent(name: string, details: ProducerStartedDetails): SpoolEvent {
  return ownEvent(name, { type: 'producer.started', outcome: 'success', details })
}

/** The last event of a boot that ended in order. */
export function stoppedEvent(name: string): SpoolEvent {
  const details: ProducerStoppedDetails = {}
  return ownEvent(name, { type: 'producer.stopped', outcome: 'success', details })
}

/** Says that events are missing here, how many and why. */
export function gapEvent(name: string, details: ProducerGapDetails): SpoolEvent {
  return ownEvent(name, { type: 'audit.gap', outcome: 'failure', reason: details.reason, details })
}

/** Stands for refused requests that were too many to be recorded one by one. */
export function surplusEvent(name: string, details: SurplusDetails): SpoolEvent {
  return ownEvent(name, { type: 'request.rejected', outcome: 'denied', reason: 'flood', details })
}

/** `details` of the one event that stands for many: how many, and how many of each type of event. */
export interface SurplusDetails {
  readonly count: number
  readonly types: Readonly<Record<string, number>>
}

type Content = Pick<SpoolEvent, 'type' | 'outcome'> & { readonly reason?: string; readonly details: object }

function ownEvent(name: string, { type, outcome, reason, details }: Content): SpoolEvent {
  const nobody = { id: null, token_id: null, session_id: null, address: null, user_agent: null }
  return {
    type,
    outcome,
    actor: { kind: 'service', name, ...nobody },
    group: null,
    target: null,
    operation: null,
    reason: reason ?? null,
    request: null,
    details: { ...details }
  }
}
