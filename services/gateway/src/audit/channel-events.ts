import type { AuditEvent } from '@patgate/contracts'
import { type Ask, codeOf, type Operation } from '@patgate/domain'
import type { AuditMode } from '@patgate/service-kit'
import type { Denial, Grant } from '../decision/authorise.ts'
import type { AuditSpool } from '../spool/audit-spool.ts'
import type { Receipt, SpoolEvent } from '../spool/spool.ts'
import { aboutAsk, actorOf, type RequestFacts, refusedActor, requestOf } from './event-parts.ts'

/** Who does something on which channel, and by which request it began. */
export interface OnChannel {
  readonly facts: RequestFacts
  readonly grant: Grant
  /** The status that its request is answered; null when it is not known yet. */
  readonly status: number | null
}

/** Who was not let do what. */
export interface RefusedOnChannel {
  readonly facts: RequestFacts
  readonly denial: Denial
  readonly ask: Ask
  readonly status: number
}

/** What happens on channels (audit.md, "Events"), as it goes into the spool. */
export interface ChannelEvents {
  /** False when it could not be recorded: answer 503 before anything is done. */
  accepts(mode: AuditMode): boolean
  connected(on: OnChannel, details: object, mode: AuditMode): Receipt
  subscribed(on: OnChannel, details: object, mode: AuditMode): Receipt
  published(on: OnChannel, details: object, mode: AuditMode): Receipt
  /** Never fails: it has happened already. What the spool has no room for is counted as a gap. */
  disconnected(on: OnChannel, reason: string, details: object): void
  /** The same for what was published on streams within a second. */
  publishedLately(on: OnChannel, details: object): void
  /** Null for whom nobody knows: never waited for. */
  denied(refused: RefusedOnChannel): Receipt | null
}

export interface ChannelEventsOptions {
  readonly tokenPrefix: string
  readonly spool: Pick<AuditSpool, 'accepts' | 'record' | 'recordUnauthenticated'>
}

type Started = 'channel.connected' | 'channel.subscribed' | 'channel.published' | 'channel.disconnected'

export function createChannelEvents({ tokenPrefix, spool }: ChannelEventsOptions): ChannelEvents {
  const eventOf = (
    type: Started,
    on: OnChannel,
    operation: Operation | null,
    reason: string | null,
    details: object
  ) => {
    const { facts, grant, status } = on
    return {
      type,
      outcome: 'success',
      actor: actorOf(grant.principal, facts, tokenPrefix),
      ...aboutAsk(grant.ask, tokenPrefix),
      operation,
      reason,
      request: requestOf(facts, status, tokenPrefix),
      details: { owner_id: grant.principal.owner.id, role: grant.role, ...details }
    } satisfies SpoolEvent
  }

  function recordAfterwards(event: SpoolEvent): void {
    try {
      spool.record(event, 'buffered')
    } catch {
      spool.recordUnauthenticated(event)
    }
  }

  return {
    accepts: spool.accepts,
    connected: (on, details, mode) => spool.record(eventOf('channel.connected', on, null, null, details), mode),
    subscribed: (on, details, mode) =>
      spool.record(eventOf('channel.subscribed', on, 'subscribe', null, details), mode),
    published: (on, details, mode) => spool.record(eventOf('channel.published', on, 'publish', null, details), mode),
    disconnected: (on, reason, details) => recordAfterwards(eventOf('channel.disconnected', on, null, reason, details)),
    publishedLately: (on, details) => recordAfterwards(eventOf('channel.published', on, 'publish', null, details)),

    denied({ facts, denial, ask, status }) {
      const { principal, identity, fault, reason } = denial
      const ownerId = principal?.owner.id ?? identity?.ownerId
      const event: Omit<AuditEvent, 'id' | 'producer' | 'boot' | 'seq' | 'time'> = {
        type: 'channel.denied',
        outcome: fault.kind === 'unavailable' ? 'failure' : 'denied',
        actor: principal === null ? refusedActor(denial, facts, tokenPrefix) : actorOf(principal, facts, tokenPrefix),
        ...aboutAsk(ask, tokenPrefix),
        reason,
        request: requestOf(facts, status, tokenPrefix),
        details: { code: codeOf(fault.kind), ...(ownerId === undefined ? {} : { owner_id: ownerId }) }
      }
      if (principal !== null) return spool.record(event, 'buffered')
      spool.recordUnauthenticated(event)
      return null
    }
  }
}
