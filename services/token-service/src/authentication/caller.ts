import type { Actor, EventRequest } from '@patgate/contracts'
import type { InternalAccess } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import type { Origin } from '../changes/event.ts'
import { sessionOf } from './enforcement.ts'
import type { SessionPrincipal } from './principal.ts'

/** A signed-in person and the request they made: what use cases decide by, and what events tell of them. */
export interface Caller {
  readonly principal: SessionPrincipal
  readonly origin: Origin
}

export interface CallerDeps {
  readonly internalAccess: InternalAccess
}

// A header is as long as its sender likes; an event is kept for years.
const USER_AGENT_LENGTH = 256

export function callerOf({ internalAccess }: CallerDeps, request: FastifyRequest): Caller {
  const principal = sessionOf(request)
  const actor: Actor = {
    ...anonymous(internalAccess, request),
    kind: 'session',
    id: principal.user.id,
    name: principal.user.name,
    session_id: principal.sessionId
  }
  return { principal, origin: { actor, request: requestOf(request) } }
}

/** The origin of a request that nobody in particular made, such as a sign-in. */
export function anonymousOrigin({ internalAccess }: CallerDeps, request: FastifyRequest): Origin {
  return { actor: anonymous(internalAccess, request), request: requestOf(request) }
}

function anonymous(internalAccess: InternalAccess, request: FastifyRequest): Actor {
  return {
    kind: 'anonymous',
    id: null,
    name: null,
    token_id: null,
    session_id: null,
    address: internalAccess.clientAddress(request),
    user_agent: request.headers['user-agent']?.slice(0, USER_AGENT_LENGTH) ?? null
  }
}

function requestOf(request: FastifyRequest): EventRequest {
  const [path = ''] = request.url.split('?', 1)
  return { id: request.id, method: request.method, path, status: null, duration_ms: null }
}
