import {
  assertFromConsole,
  Fault,
  type InternalAccess,
  type PolicyEnforcement,
  sessionInCookie
} from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import { type CredentialDeps, resolveCredential } from '../resolve/resolve-credential.ts'
import { isAllowedFrom } from '../tokens/allowed-addresses.ts'
import { authenticateToken } from '../tokens/self/authenticate-token.ts'
import { credentialOf } from './credential.ts'
import {
  type Principal,
  principalIn,
  type ServiceClientPrincipal,
  type SessionPrincipal,
  type TokenPrincipal
} from './principal.ts'
import { authenticateServiceClient } from './service-client.ts'
import { sessionIdIn } from './session-jwt.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, once the route's policy has let them in; null on public routes. */
    principal: Principal | null
  }
}

export interface EnforcementDeps extends CredentialDeps {
  readonly internalAccess: InternalAccess
}

/** What each policy of the control API demands, as the first hook of its routes (api.md, "Who may call"). */
export function policyEnforcement(deps: EnforcementDeps): PolicyEnforcement {
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
    token: authenticateToken(deps),
    token_or_session: async (request) => {
      request.principal = await authenticate(deps, request)
    },
    service_client: async (request) => {
      request.principal = await authenticateServiceClient(deps.database, request)
    }
  }
}

/** The session behind a request whose policy is `session` or `admin`. */
export function sessionOf(request: FastifyRequest): SessionPrincipal {
  if (request.principal?.kind !== 'session') throw new Error('the route has no policy that demands a session')
  return request.principal
}

/** The client behind a request whose policy is `service_client`. */
export function serviceClientOf(request: FastifyRequest): ServiceClientPrincipal {
  if (request.principal?.kind !== 'service_client') {
    throw new Error('the route has no policy that demands a service client')
  }
  return request.principal
}

/** The person, or the token, behind a request whose policy is `token_or_session`. */
export function askerOf(request: FastifyRequest): SessionPrincipal | TokenPrincipal {
  const { principal } = request
  if (principal === null || principal.kind === 'service_client') {
    throw new Error('the route has no policy that demands a session or a token')
  }
  return principal
}

/** Who is signed in, on a route that is open to everybody; null for nobody, whatever was sent. */
export async function sessionIfAny(deps: EnforcementDeps, request: FastifyRequest): Promise<SessionPrincipal | null> {
  const principal = await authenticate(deps, request).catch((error: unknown) => {
    if (error instanceof Fault && error.kind !== 'unavailable') return null
    throw error
  })
  return principal?.kind === 'session' ? principal : null
}

async function authenticate(
  deps: EnforcementDeps,
  request: FastifyRequest
): Promise<SessionPrincipal | TokenPrincipal> {
  const { credential, via } = presentedBy(deps.internalAccess, request)
  const answer = await resolveCredential(deps, credential, (token) => sessionIdIn(request.server, token))
  if (!answer.valid) {
    throw new Fault('invalid_token', { credentialSent: true, message: `credential refused: ${answer.refusal}` })
  }
  const { snapshot } = answer
  if (!isAllowedFrom(deps.internalAccess.clientAddress(request), snapshot.allowed_addresses)) {
    throw new Fault('address_not_allowed')
  }
  return principalIn(snapshot, via)
}

/** A header, or on the console's listener its cookie; two that are different are 400, as everywhere. */
function presentedBy(
  internalAccess: InternalAccess,
  request: FastifyRequest
): { credential: string; via: SessionPrincipal['via'] } {
  const header = credentialOf(request.headers)
  const consoleOrigin = internalAccess.consoleOrigin(request)
  const cookie = consoleOrigin === null ? null : sessionInCookie(request, consoleOrigin)
  if (header !== null && cookie !== null && header !== cookie) {
    throw new Fault('ambiguous_credentials', { detail: 'Send either a header or the cookie' })
  }
  if (header !== null) return { credential: header, via: 'header' }
  if (cookie === null || consoleOrigin === null) {
    throw new Fault('invalid_token', { message: 'no credential was sent' })
  }
  assertFromConsole(request, consoleOrigin)
  return { credential: cookie, via: 'cookie' }
}

function asSession(principal: SessionPrincipal | TokenPrincipal): SessionPrincipal {
  if (principal.kind === 'session') return principal
  throw new Fault('session_required', { detail: 'Sign in: a personal access token does not reach this call' })
}
