import type { Target } from '@patgate/contracts'
import type { InternalAccess } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../auth/caller.ts'
import type { OwnLog } from '../own-events/own-log.ts'

export interface RecordReadDeps {
  readonly ownLog: OwnLog
  readonly access: InternalAccess
}

export interface Read {
  readonly request: FastifyRequest
  readonly caller: Caller
  readonly target: Target | null
  readonly details: Record<string, unknown>
  /** What kind of reading; `audit.read` unless said. */
  readonly type?: 'audit.read' | 'audit.exported'
}

const LONGEST_USER_AGENT = 512

/**
 * Records that somebody read the log, before they get to see what they read: one event for each request,
 * written past the routes, so that recording a reading is not itself a reading. Names of filters, never their values.
 */
export async function recordRead({ ownLog, access }: RecordReadDeps, read: Read): Promise<void> {
  const { request, caller, target, details, type = 'audit.read' } = read
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
