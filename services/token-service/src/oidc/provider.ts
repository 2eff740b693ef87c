import { allowInsecureRequests, type Configuration, discovery } from 'openid-client'

/** Where people sign in who have no password here, and who we are there. */
export interface OidcOptions {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The console's `/v1/oidc/callback`, as it is registered at the provider. */
  readonly redirectUrl: string
}

/** The OpenID provider of the instance. */
export interface OidcProvider {
  readonly issuer: string
  readonly redirectUrl: string
  /** What the provider says about itself; asked once, and again after a failure. */
  configuration(): Promise<Configuration>
}

const ANSWER_WITHIN_SECONDS = 10

export function createOidcProvider({ issuer, clientId, clientSecret, redirectUrl }: OidcOptions): OidcProvider {
  let found: Promise<Configuration> | null = null
  // Only a provider on this machine may be without TLS; the configuration has seen to that.
  const execute = issuer.startsWith('http://') ? [allowInsecureRequests] : []
  return {
    issuer,
    redirectUrl,
    configuration() {
      found ??= discovery(new URL(issuer), clientId, clientSecret, undefined, {
        execute,
        timeout: ANSWER_WITHIN_SECONDS
      }).catch((error: unknown) => {
        found = null
        throw error
      })
      return found
    }
  }
}
