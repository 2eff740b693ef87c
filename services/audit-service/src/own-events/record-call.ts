import type { EventType, Target } from '@patgate/contracts'
import type { InternalAccess } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../auth/caller.ts'
import type { OwnLog } from './own-log.ts'

export interface RecordCallDeps {
  readonly ownLog: OwnLog
  readonly access: InternalAccess
}

/** What somebody called this service for. */
export interface Call {
  readonly request: FastifyRequest
  readonly caller: Caller
  readonly type: EventType
  readonly target: Target | null
  readonly details: Record<string, unknown>
}

const LONGEST_USER_AGENT = 512

/**
 * Records what a signed-in person called for, before it is done: what cannot be recorded does not happen. One event for
 * each request, written past the routes, so that recording a reading is not itself a reading.
 */
export async function recordCall({ ownLog, access }: RecordCallDeps, call: Call): Promise<void> {
  const { request, caller, type, target, details } = call
  await ownLog.record({
    type,
    outcome: 'success',
    actor: {
      kind: 'human',
      id: caller.id,
      name: caller.name,
      token_id: null,
      session_id: caller.sessionId,
      address: access.clientAddress(request),
      user_agent: request.headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null
    },
    group: null,
    target,
    operation: null,
    reason: null,
    request: {
      id: request.id,
      method: request.method,
      path: new URL(request.url, 'http://audit').pathname,
      status: null,
      duration_ms: null
    },
    details
  })
}
