import type { Credential } from './credential.ts'
import { readSecret } from './secret.ts'

// One space and nothing but token68 characters (RFC 6750, section 2.1).
const BEARER = /^bearer ([A-Za-z0-9._~+/=-]+)$/i
// What devices of Magistrala send in the place of a bearer token.
const CLIENT = /^client ([A-Za-z0-9._~+/=-]+)$/i
const BASIC = /^basic ([A-Za-z0-9+/]+={0,2})$/i

/** The schemes of `Authorization` that a route accepts. */
export interface Schemes {
  readonly bearer: boolean
  readonly basic: boolean
  readonly client: boolean
}

/** Reads `Authorization` for a route; null for every scheme it does not accept and everything malformed. */
export function readAuthorization(value: string, schemes: Schemes, tokenPrefix: string): Credential | null {
  const bearer = schemes.bearer ? BEARER.exec(value)?.[1] : undefined
  if (bearer !== undefined) return readSecret(bearer, tokenPrefix)
  const client = schemes.client ? CLIENT.exec(value)?.[1] : undefined
  if (client !== undefined) return readToken(client, '', tokenPrefix)
  const pair = schemes.basic ? decodeBasic(value) : null
  return pair === null ? null : readToken(pair.password, pair.userName, tokenPrefix)
}

/** A session is no password, and no device's secret. */
function readToken(secret: string, userName: string, tokenPrefix: string): Credential | null {
  const credential = readSecret(secret, tokenPrefix)
  return credential?.kind === 'token' ? { ...credential, userName } : null
}

/** User name and password of `Authorization: Basic` (RFC 7617); null when it is not that. */
export function decodeBasic(value: string): { userName: string; password: string } | null {
  const encoded = BASIC.exec(value)?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? null : { userName: text.slice(0, colon), password: text.slice(colon + 1) }
}
