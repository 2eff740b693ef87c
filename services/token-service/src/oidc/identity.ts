import { Fault } from '@patgate/service-kit'
import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  fetchUserInfo,
  ResponseBodyError,
  type ServerMetadata
} from 'openid-client'
import type { OidcProvider } from './provider.ts'
import type { Flow } from './sealed-flow.ts'

/** Whom the provider vouches for. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  readonly email: string | null
  readonly isEmailVerified: boolean
}

/**
 * Redeems the code that somebody came back with. State, nonce, PKCE, issuer, audience and signature are checked by
 * `openid-client`. 403 when the provider refused, 400 for an answer that is none of ours, 502 when it cannot be reached.
 */
export async function identityFrom(provider: OidcProvider, flow: Flow, query: string): Promise<Identity> {
  const current = new URL(provider.redirectUrl)
  current.search = query
  if (current.searchParams.get('state') !== flow.state || !isAnswer(current.searchParams)) throw notOurs()
  try {
    return await redeem(provider, flow, current)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    if (cause instanceof AuthorizationResponseError) {
      throw new Fault('forbidden', { cause, detail: 'The sign-in provider let nobody in' })
    }
    if (cause instanceof ResponseBodyError) throw notOurs(cause)
    throw new Fault('upstream_failed', { cause, detail: 'The sign-in provider did not answer as it should' })
  }
}

export function notOurs(cause?: unknown): Fault {
  return new Fault('invalid_request', { cause, detail: 'This sign-in was not started here, or is over: start again' })
}

/** A code or an error, and nothing twice (RFC 6749, sections 3.1 and 4.1.2): a browser can come back with anything. */
function isAnswer(query: URLSearchParams): boolean {
  const isOnce = ['state', 'code', 'iss', 'error'].every((name) => query.getAll(name).length <= 1)
  return isOnce && (query.get('error') ?? query.get('code') ?? '') !== ''
}

/** Who answers names itself if it says that it does (RFC 9207); whoever names another is not whom we asked. */
function isFrom(asked: ServerMetadata, iss: string | null): boolean {
  return iss === null ? asked.authorization_response_iss_parameter_supported !== true : iss === asked.issuer
}

async function redeem(provider: OidcProvider, flow: Flow, current: URL): Promise<Identity> {
  const configuration = await provider.configuration()
  if (!isFrom(configuration.serverMetadata(), current.searchParams.get('iss'))) throw notOurs()
  const tokens = await authorizationCodeGrant(configuration, current, {
    pkceCodeVerifier: flow.codeVerifier,
    expectedState: flow.state,
    expectedNonce: flow.nonce
  })
  const claims = tokens.claims()
  if (claims === undefined) throw new Error('the provider answered no ID token')
  // Many providers keep the email out of the ID token.
  const about =
    claims.email === undefined ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : claims
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: typeof about.email === 'string' ? about.email : null,
    isEmailVerified: about.email_verified === true
  }
}
