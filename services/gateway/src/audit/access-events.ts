import { randomUUID } from 'node:crypto'
import type { AuditEvent, EventRequest } from '@patgate/contracts'
import type { Ask } from '@patgate/domain'
import { codeOf } from '@patgate/domain'
import type { Clock } from '@patgate/service-kit'
import { redactTokens } from '@patgate/token-format'
import { v7 as uuidv7 } from 'uuid'
import { type Denial, type Grant, requiredOf } from '../decision/authorise.ts'
import type { Principal } from '../verify/principal.ts'

/** What is known of a request, whatever was decided about it. */
export interface RequestFacts {
  readonly id: string
  readonly method: string
  /** Canonical where there is such a form; a query is cut off. */
  readonly path: string
  readonly address: string | null
  readonly userAgent: string | null
  readonly durationMs: number | null
}

/** The gateway's audit events (audit.md, "Events"), numbered without a gap from the start of the process. */
export interface AccessEvents {
  /** `status` is what the client is answered; null when it left before. */
  allowed(facts: RequestFacts, grant: Grant, status: number | null): void
  denied(facts: RequestFacts, denial: Denial, ask: Ask, status: number): void
  rejected(facts: RequestFacts, reason: string, status: number): void
}

export interface AccessEventsOptions {
  /** This gateway's name. */
  readonly name: string
  readonly clock: Clock
  readonly tokenPrefix: string
  readonly record: (event: AuditEvent) => void
}

const LONGEST_PATH = 1_024
const LONGEST_USER_AGENT = 256
const BAD_GATEWAY = 502

type Content = Pick<AuditEvent, 'type' | 'outcome' | 'actor' | 'group' | 'target' | 'operation' | 'reason' | 'details'>

export function createAccessEvents({ name, clock, tokenPrefix, record }: AccessEventsOptions): AccessEvents {
  const producer = `gateway:${name}`
  const boot = randomUUID()
  let seq = 0

  function emit(facts: RequestFacts, status: number | null, content: Content): void {
    seq++
    const time = new Date(clock.now()).toISOString()
    record({ id: uuidv7(), producer, boot, seq, time, request: requestOf(facts, status, tokenPrefix), ...content })
  }

  return {
    allowed(facts, grant, status) {
      const { principal, ask } = grant
      emit(facts, status, {
        type: 'access.allowed',
        outcome: status === null || status < BAD_GATEWAY ? 'success' : 'failure',
        actor: actorOf(principal, facts, tokenPrefix),
        ...aboutAsk(ask),
        reason: null,
        details: { owner_id: principal.owner.id, role: grant.role, ...(grant.isStale ? { stale: true } : {}) }
      })
    },

    denied(facts, denial, ask, status) {
      const ownerId = denial.principal?.owner.id ?? denial.identity?.ownerId
      emit(facts, status, {
        type: 'access.denied',
        outcome: denial.fault.kind === 'unavailable' ? 'failure' : 'denied',
        actor:
          denial.principal === null
            ? refusedActor(denial, facts, tokenPrefix)
            : actorOf(denial.principal, facts, tokenPrefix),
        ...aboutAsk(ask),
        reason: denial.reason,
        details: {
          code: codeOf(denial.fault.kind),
          required: denial.fault.options.required ?? requiredOf(ask),
          ...(ownerId === undefined ? {} : { owner_id: ownerId })
        }
      })
    },

    rejected(facts, reason, status) {
      emit(facts, status, {
        type: 'request.rejected',
        outcome: 'denied',
        actor: refusedActor({ identity: null }, facts, tokenPrefix),
        group: null,
        target: null,
        operation: null,
        reason,
        details: {}
      })
    }
  }
}

function aboutAsk({ group, entityType, entityId, operation }: Ask): Pick<AuditEvent, 'group' | 'target' | 'operation'> {
  return { group: group === '*' ? null : group, target: { type: entityType, id: entityId }, operation }
}

function actorOf(principal: Principal, facts: RequestFacts, tokenPrefix: string): AuditEvent['actor'] {
  const { kind, owner, tokenId, sessionId } = principal
  return {
    kind,
    id: owner.id,
    name: owner.name,
    token_id: tokenId,
    session_id: sessionId,
    ...whereFrom(facts, tokenPrefix)
  }
}

/** A refused credential that exists is named: it says whose it was, and is no actor that was let in. */
function refusedActor(
  { identity }: Pick<Denial, 'identity'>,
  facts: RequestFacts,
  tokenPrefix: string
): AuditEvent['actor'] {
  return {
    kind: 'anonymous',
    id: identity?.ownerId ?? null,
    name: identity?.ownerName ?? null,
    token_id: identity?.tokenId ?? null,
    session_id: null,
    ...whereFrom(facts, tokenPrefix)
  }
}

function whereFrom(
  { address, userAgent }: RequestFacts,
  tokenPrefix: string
): Pick<AuditEvent['actor'], 'address' | 'user_agent'> {
  const agent = userAgent === null ? null : redactTokens(userAgent, tokenPrefix).slice(0, LONGEST_USER_AGENT)
  return { address, user_agent: agent }
}

function requestOf(facts: RequestFacts, status: number | null, tokenPrefix: string): EventRequest {
  const path = facts.path.split('?', 1)[0] ?? ''
  return {
    id: facts.id,
    method: facts.method,
    path: withoutTokens(path, tokenPrefix).slice(0, LONGEST_PATH),
    status,
    duration_ms: facts.durationMs === null ? null : Math.round(facts.durationMs * 1000) / 1000
  }
}

/** The path of a refused request may hide a token behind escapes; then nothing of it is shown. */
function withoutTokens(path: string, tokenPrefix: string): string {
  const shown = redactTokens(path, tokenPrefix)
  if (!shown.includes('%')) return shown
  const decoded = shown.replace(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16))
  )
  return redactTokens(decoded, tokenPrefix) === decoded ? shown : '[redacted]'
}
