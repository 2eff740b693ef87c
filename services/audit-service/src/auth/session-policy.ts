import { Fault } from '@patgate/service-kit'
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { type Caller, callerOf } from './caller.ts'
import { sessionCredential } from './credential.ts'
import type { SessionResolver } from './resolve-session.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the policy `session`; null on every other route. */
    caller: Caller | null
  }
}

/** Enforces the policy `session`: whoever comes past it is a person whose session was alive when it was asked. */
export function sessionPolicy(resolver: SessionResolver): onRequestAsyncHookHandler {
  return async (request) => {
    request.caller = await askCaller(resolver, request)
  }
}

/** Asks who is behind a request now. Throws when the session is none, or no longer. */
export async function askCaller(resolver: SessionResolver, request: FastifyRequest): Promise<Caller> {
  const answer = await resolver.resolve(sessionCredential(request.headers))
  if (!answer.valid) {
    throw new Fault('invalid_token', { credentialSent: true, message: `the session is refused: ${answer.refusal}` })
  }
  if (answer.snapshot.kind !== 'session') throw new Fault('session_required')
  return callerOf(answer.snapshot)
}

/** The caller of a route that declares the policy `session`. */
export function callerFrom(request: { readonly caller: Caller | null }): Caller {
  if (request.caller === null) throw new Error('the route does not declare the policy "session"')
  return request.caller
}
