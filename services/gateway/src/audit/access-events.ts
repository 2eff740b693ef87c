import type { AuditEvent } from '@patgate/contracts'
import type { Ask } from '@patgate/domain'
import { codeOf } from '@patgate/domain'
import type { AuditMode } from '@patgate/service-kit'
import type { Denial, Grant } from '../decision/authorise.ts'
import { requiredOf } from '../decision/weigh.ts'
import type { AuditSpool } from '../spool/audit-spool.ts'
import type { Receipt, SpoolEvent } from '../spool/spool.ts'
import type { CutReason } from '../streams/open-stream.ts'
import { aboutAsk, actorOf, type RequestFacts, refusedActor, requestOf } from './event-parts.ts'

/** What an event tells of a grant. */
export type RecordedGrant = Pick<Grant, 'principal' | 'ask' | 'role' | 'isStale'>

/** The gateway's audit events (audit.md, "Events"), as they go into the spool. */
export interface AccessEvents {
  /** False when what would be allowed could not be recorded: answer 503 before anything is done. */
  accepts(mode: AuditMode): boolean
  /**
   * `status` is what the client is answered; null when it is not known yet, or when the client left before. `cut` is why
   * the gateway itself ended it, where it did.
   */
  allowed(
    facts: RequestFacts,
    grant: RecordedGrant,
    status: number | null,
    mode: AuditMode,
    cut?: CutReason | null
  ): Receipt
  /**
   * Follows an `access.allowed` that had to be durable before the upstream's answer was known, and one of something that
   * went on: a WebSocket, or an exchange that the gateway has cut.
   */
  completed(facts: RequestFacts, grant: RecordedGrant, status: number | null, cut?: CutReason | null): Receipt
  /** Null for whom nobody knows: their events are given up first, and are never waited for. */
  denied(facts: RequestFacts, denial: Denial, ask: Ask, status: number): Receipt | null
  rejected(facts: RequestFacts, reason: string, status: number): void
}

export interface AccessEventsOptions {
  readonly tokenPrefix: string
  readonly spool: Pick<AuditSpool, 'accepts' | 'record' | 'recordUnauthenticated'>
}

const BAD_GATEWAY = 502

type Content = Pick<AuditEvent, 'type' | 'outcome' | 'actor' | 'group' | 'target' | 'operation' | 'reason' | 'details'>

export function createAccessEvents({ tokenPrefix, spool }: AccessEventsOptions): AccessEvents {
  const eventOf = (facts: RequestFacts, status: number | null, content: Content): SpoolEvent => ({
    request: requestOf(facts, status, tokenPrefix),
    ...content
  })

  const ofGrant = (
    type: 'access.allowed' | 'access.completed',
    facts: RequestFacts,
    grant: RecordedGrant,
    status: number | null,
    cut: CutReason | null
  ) =>
    eventOf(facts, status, {
      type,
      outcome: outcomeOf(status, cut),
      actor: actorOf(grant.principal, facts, tokenPrefix),
      ...aboutAsk(grant.ask, tokenPrefix),
      reason: cut,
      details: {
        owner_id: grant.principal.owner.id,
        role: grant.role,
        ...(grant.isStale ? { stale: true } : {})
      }
    })

  return {
    accepts: spool.accepts,
    allowed: (facts, grant, status, mode, cut = null) =>
      spool.record(ofGrant('access.allowed', facts, grant, status, cut), mode),
    completed: (facts, grant, status, cut = null) =>
      spool.record(ofGrant('access.completed', facts, grant, status, cut), 'buffered'),

    denied(facts, denial, ask, status) {
      const { principal, identity, fault, reason } = denial
      const ownerId = principal?.owner.id ?? identity?.ownerId
      const about = aboutAsk(ask, tokenPrefix)
      const required = fault.options.required ?? requiredOf(ask)
      const event = eventOf(facts, status, {
        type: 'access.denied',
        outcome: fault.kind === 'unavailable' ? 'failure' : 'denied',
        actor: principal === null ? refusedActor(denial, facts, tokenPrefix) : actorOf(principal, facts, tokenPrefix),
        ...about,
        reason,
        details: {
          code: codeOf(fault.kind),
          required: { ...required, entity_id: about.target.id },
          ...(ownerId === undefined ? {} : { owner_id: ownerId })
        }
      })
      if (principal !== null) return spool.record(event, 'buffered')
      spool.recordUnauthenticated(event)
      return null
    },

    rejected(facts, reason, status) {
      spool.recordUnauthenticated(
        eventOf(facts, status, {
          type: 'request.rejected',
          outcome: 'denied',
          actor: refusedActor({ identity: null }, facts, tokenPrefix),
          group: null,
          target: null,
          operation: null,
          reason,
          details: {}
        })
      )
    }
  }
}

/** Whose right was lost on the way was denied the rest. */
function outcomeOf(status: number | null, cut: CutReason | null): AuditEvent['outcome'] {
  if (cut === 'revoked' || cut === 'expired' || cut === 'narrowed') return 'denied'
  return cut === null && (status === null || status < BAD_GATEWAY) ? 'success' : 'failure'
}
