import { SESSION_HEADER } from '@patgate/contracts'
import { assertFromConsole, Fault, type InternalAccess, sessionInCookie } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'

// A token of whatever prefix this installation uses (api.md, "The token string").
const PAT_SHAPE = /^[a-z][a-z0-9_]{0,18}[a-z0-9]_[0-9A-Za-z]{38}$/
const LONGEST_SESSION = 4096

/**
 * The session a request presents, as `Authorization: Bearer`, `xc-auth`, or on the console's listener its cookie
 * (api.md, "Who may call").
 */
export function sessionCredential(request: FastifyRequest, access: InternalAccess): string {
  const { headers } = request
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const named = headers[SESSION_HEADER]
  const cookie = cookieOf(request, access)
  const presented = new Set([bearer, named, cookie].filter((session) => typeof session === 'string'))
  if (presented.size > 1) throw new Fault('ambiguous_credentials', { detail: 'Send the session once' })
  const [credential = ''] = presented
  if (PAT_SHAPE.test(credential)) {
    throw new Fault('session_required', { detail: 'The audit log is read by a signed-in person, not by a token' })
  }
  if (credential === '' || credential.length > LONGEST_SESSION) {
    const credentialSent = credential !== '' || headers.authorization !== undefined
    throw new Fault('invalid_token', { credentialSent, message: 'no usable session was sent' })
  }
  return credential
}

function cookieOf(request: FastifyRequest, access: InternalAccess): string | undefined {
  const consoleOrigin = access.consoleOrigin(request)
  const session = consoleOrigin === null ? null : sessionInCookie(request, consoleOrigin)
  if (consoleOrigin === null || session === null) return undefined
  assertFromConsole(request, consoleOrigin)
  return session
}
