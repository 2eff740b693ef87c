import { Fault, type PolicyEnforcement } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import { type CredentialDeps, resolveCredential } from '../resolve/resolve-credential.ts'
import { credentialOf } from './credential.ts'
import { type Principal, principalIn, type SessionPrincipal } from './principal.ts'
import { sessionIdIn } from './session-jwt.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, once the route's policy has let them in; null on public routes. */
    principal: Principal | null
  }
}

/** What each policy of the control API demands, as the first hook of its routes (api.md, "Who may call"). */
export function policyEnforcement(deps: CredentialDeps): PolicyEnforcement {
  return {
    public: null,
    session: async (request) => {
      request.principal = asSession(await authenticate(deps, request))
    },
    admin: async (request) => {
      const principal = asSession(await authenticate(deps, request))
      if (!principal.user.admin) throw new Fault('forbidden', { detail: 'This call is for administrators' })
      request.principal = principal
    },
    token_or_session: async (request) => {
      request.principal = await authenticate(deps, request)
    }
  }
}

/** The session behind a request whose policy is `session` or `admin`. */
export function sessionOf(request: FastifyRequest): SessionPrincipal {
  if (request.principal?.kind !== 'session') throw new Error('the route has no policy that demands a session')
  return request.principal
}

async function authenticate(deps: CredentialDeps, request: FastifyRequest): Promise<Principal> {
  const credential = credentialOf(request.headers)
  if (credential === null) throw new Fault('invalid_token', { message: 'no credential was sent' })
  const answer = await resolveCredential(deps, credential, (token) => sessionIdIn(request.server, token))
  if (answer.valid) return principalIn(answer.snapshot)
  throw new Fault('invalid_token', { credentialSent: true, message: `credential refused: ${answer.refusal}` })
}

function asSession(principal: Principal): SessionPrincipal {
  if (principal.kind === 'session') return principal
  throw new Fault('session_required', { detail: 'Sign in: a personal access token does not reach this call' })
}
