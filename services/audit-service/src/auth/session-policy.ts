import { Fault, type InternalAccess } from '@patgate/service-kit'
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { type Caller, callerOf } from './caller.ts'
import { sessionCredential } from './credential.ts'
import type { SessionResolver } from './resolve-session.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the policies `session` and `admin`; null on every other route. */
    caller: Caller | null
  }
}

export interface SessionDeps {
  readonly sessions: SessionResolver
  readonly access: InternalAccess
}

/** Enforces the policy `session`: whoever comes past it is a person whose session was alive when it was asked. */
export function sessionPolicy(deps: SessionDeps): onRequestAsyncHookHandler {
  return async (request) => {
    request.caller = await askCaller(deps, request)
  }
}

/** Enforces the policy `admin`: the same, and the person is an administrator of the instance. */
export function adminPolicy(deps: SessionDeps): onRequestAsyncHookHandler {
  return async (request) => {
    const caller = await askCaller(deps, request)
    if (!caller.isAdmin) throw new Fault('forbidden', { detail: 'This call is for administrators' })
    request.caller = caller
  }
}

/** Asks who is behind a request now. Throws when the session is none, or no longer. */
export async function askCaller({ sessions, access }: SessionDeps, request: FastifyRequest): Promise<Caller> {
  const answer = await sessions.resolve(sessionCredential(request, access))
  if (!answer.valid) {
    throw new Fault('invalid_token', { credentialSent: true, message: `the session is refused: ${answer.refusal}` })
  }
  if (answer.snapshot.kind !== 'session') throw new Fault('session_required')
  return callerOf(answer.snapshot)
}

/** The caller of a route that declares the policy `session` or `admin`. */
export function callerFrom(request: { readonly caller: Caller | null }): Caller {
  if (request.caller === null) throw new Error('the route has no policy that demands a session')
  return request.caller
}
