import type { IncomingHttpHeaders } from 'node:http'
import { SESSION_HEADER } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'

// A token of whatever prefix this installation uses (api.md, "The token string").
const PAT_SHAPE = /^[a-z][a-z0-9_]{0,18}[a-z0-9]_[0-9A-Za-z]{38}$/
const LONGEST_SESSION = 4096

/** The session a request presents, as `Authorization: Bearer` or `xc-auth` (api.md, "Who may call"). */
export function sessionCredential(headers: IncomingHttpHeaders): string {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const named = headers[SESSION_HEADER]
  if (bearer !== undefined && typeof named === 'string' && named !== bearer) {
    throw new Fault('ambiguous_credentials', { detail: 'Send the session once' })
  }
  const credential = bearer ?? (typeof named === 'string' ? named : '')
  if (PAT_SHAPE.test(credential)) {
    throw new Fault('session_required', { detail: 'The audit log is read by a signed-in person, not by a token' })
  }
  if (credential === '' || credential.length > LONGEST_SESSION) {
    const credentialSent = credential !== '' || headers.authorization !== undefined
    throw new Fault('invalid_token', { credentialSent, message: 'no usable session was sent' })
  }
  return credential
}
