import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Configuration, Provider } from 'oidc-provider'

export interface Account {
  readonly subject: string
  readonly email: string
}

/** A real OpenID provider on this machine. It asks nobody anything: whoever comes is who the test said. */
export interface IdentityProvider {
  readonly issuer: string
  /** What the token service has to be told of it. */
  readonly environment: Readonly<Record<string, string>>
  letIn(account: Account): void
}

interface Teardown {
  teardown(handler: () => Promise<unknown>): void
}

const CLIENT = { id: 'patgate', secret: 'a secret of the client' }
const LIFETIME_SECONDS = 60

export async function openIdentityProvider(test: Teardown, redirectUrl: string): Promise<IdentityProvider> {
  const accounts = new Map<string, Account>()
  let next: Account | null = null
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  test.teardown(() => {
    server.closeAllConnections()
    return once(server.close(), 'close')
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, configuration(redirectUrl, accounts))
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    const login = next === null ? { error: 'access_denied' } : { login: { accountId: next.subject, remember: false } }
    return provider.interactionFinished(request, response, login)
  })
  return {
    issuer,
    environment: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
      OIDC_REDIRECT_URL: redirectUrl
    },
    letIn(account) {
      accounts.set(account.subject, account)
      next = account
    }
  }
}

function configuration(redirectUrl: string, accounts: ReadonlyMap<string, Account>): Configuration {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [redirectUrl]
      }
    ],
    jwks: { keys: [{ ...key, kid: 'of the provider', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key for the cookies of the provider'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    // What is kept by whoever comes first must not let in whoever comes next.
    ttl: { Session: 1, Interaction: LIFETIME_SECONDS, Grant: LIFETIME_SECONDS },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: accounts.get(id)?.email, email_verified: true })
    }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: CLIENT.id, accountId: oidc.session?.accountId ?? '' })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    }
  }
}
