import type { AuditEvent, EventRequest } from '@patgate/contracts'
import type { Ask } from '@patgate/domain'
import { redactTokens } from '@patgate/token-format'
import type { Denial } from '../decision/authorise.ts'
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

const LONGEST_PATH = 1_024
const LONGEST_USER_AGENT = 256

/** Group, target and operation of an event about what was asked. Whoever puts a token in the place of an id left it there. */
export function aboutAsk(
  { group, entityType, entityId, operation }: Ask,
  tokenPrefix: string
): Pick<AuditEvent, 'group' | 'operation'> & { readonly target: NonNullable<AuditEvent['target']> } {
  const target = { type: entityType, id: redactTokens(entityId, tokenPrefix) }
  return { group: group === '*' ? null : group, target, operation }
}

/** Somebody who was let in. */
export function actorOf(principal: Principal, facts: RequestFacts, tokenPrefix: string): AuditEvent['actor'] {
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
export function refusedActor(
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

/** The request without a query, and without anything in its path that could be a token. */
export function requestOf(facts: RequestFacts, status: number | null, tokenPrefix: string): EventRequest {
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
