import { type Clock, Fault } from '@patgate/service-kit'
import {
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState
} from 'openid-client'
import type { OidcProvider } from './provider.ts'
import { FLOW_LIFETIME_MS, type FlowSeal } from './sealed-flow.ts'

export interface SignInFlowDeps {
  readonly clock: Clock
  readonly oidc: OidcProvider
  readonly flowSeal: FlowSeal
}

/** Where to send somebody who wants to sign in, and what their browser has to bring back. */
export interface StartedSignIn {
  readonly location: string
  readonly flow: string
  readonly expires: Date
}

/** Begins an authorization code flow with PKCE, state and nonce (RFC 9700, section 2.1; OpenID Connect Core, 3.1). */
export async function startSignIn(deps: SignInFlowDeps, returnTo: string): Promise<StartedSignIn> {
  const configuration = await deps.oidc.configuration().catch((cause: unknown) => {
    throw new Fault('upstream_failed', { cause, detail: 'The sign-in provider cannot be reached' })
  })
  const [state, nonce, codeVerifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()]
  const expiresAtMs = deps.clock.now() + FLOW_LIFETIME_MS
  const location = buildAuthorizationUrl(configuration, {
    redirect_uri: deps.oidc.redirectUrl,
    scope: 'openid email profile',
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce
  })
  const flow = deps.flowSeal.seal({ state, nonce, codeVerifier, returnTo, expiresAtMs })
  return { location: location.href, flow, expires: new Date(expiresAtMs) }
}
