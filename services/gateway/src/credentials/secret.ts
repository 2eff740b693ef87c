import { isWellFormedToken } from '@patgate/token-format'
import type { Credential } from './credential.ts'

const JWT = /^eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{2,4000}\.[A-Za-z0-9_-]{16,2000}$/
const LONGEST_SESSION = 4096

/** The `typ` of a session's header, which no other JWT of ours has (gateway.md, section 3). */
const SESSION_TYPE = 'patgate-session+jwt'

/**
 * What a secret can be, judged offline: a token by prefix, length, alphabet and checksum, a session by its shape.
 * Null costs no look-up, however long the text is.
 */
export function readSecret(text: string, tokenPrefix: string): Credential | null {
  if (isWellFormedToken(text, tokenPrefix)) return { kind: 'token', secret: text, userName: '' }
  return isSessionShaped(text) ? { kind: 'session', secret: text } : null
}

/** True for a JWT that says in its header that it is one of our sessions. Says nothing about its signature. */
export function isSessionShaped(text: string): boolean {
  if (text.length > LONGEST_SESSION || !JWT.test(text)) return false
  try {
    const header: unknown = JSON.parse(Buffer.from(text.slice(0, text.indexOf('.')), 'base64url').toString())
    return typeof header === 'object' && header !== null && 'typ' in header && header.typ === SESSION_TYPE
  } catch {
    return false
  }
}
