import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Teardown } from '@patgate/test-kit'
import { type Configuration, Provider } from 'oidc-provider'
import { CONSOLE_ORIGIN } from '../support/console.ts'

export const REDIRECT_URL = `${CONSOLE_ORIGIN}/v1/oidc/callback`

export interface Account {
  readonly subject: string
  readonly email?: string
  readonly email_verified?: boolean
}

/** A real OpenID provider on this machine, which lets in whomever the test names. */
export interface TestProvider {
  readonly issuer: string
  readonly environment: NodeJS.ProcessEnv
  /** Follows the redirects of a sign-in as a browser does, until it is sent back to the console. */
  signIn(location: string, account: Account | 'refused'): Promise<URL>
}

export async function openProvider(t: Teardown): Promise<TestProvider> {
  const accounts = new Map<string, Account>()
  const next: { account: Account | 'refused' } = { account: 'refused' }
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise((resolve) => server.close(resolve)))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, configurationFor(accounts))
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    const { account } = next
    const result =
      account === 'refused' ? { error: 'access_denied' } : { login: { accountId: account.subject, remember: false } }
    return provider.interactionFinished(request, response, result)
  })

  return {
    issuer,
    environment: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'patgate',
      OIDC_CLIENT_SECRET: 'a secret of the client',
      OIDC_REDIRECT_URL: REDIRECT_URL
    },
    async signIn(location, account) {
      next.account = account
      if (account !== 'refused') accounts.set(account.subject, account)
      return followRedirects(location)
    }
  }
}

function configurationFor(accounts: ReadonlyMap<string, Account>): Configuration {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  return {
    clients: [
      {
        client_id: 'patgate',
        client_secret: 'a secret of the client',
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [REDIRECT_URL]
      }
    ],
    jwks: { keys: [{ ...key, kid: 'test', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key for the cookies of the provider'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    ttl: { Session: 60, Interaction: 60, Grant: 60, AccessToken: 60, AuthorizationCode: 60, IdToken: 60 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...accounts.get(id), subject: undefined })
    }),
    // Everybody consents: what is tested is our side.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: 'patgate', accountId: oidc.session?.accountId ?? '' })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    }
  }
}

async function followRedirects(start: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = new URL(start)
  while (url.origin !== CONSOLE_ORIGIN) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    const location = response.headers.get('location')
    if (location === null) throw new Error(`no redirect but ${response.status}: ${await response.text()}`)
    await response.body?.cancel()
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(name, value)
    }
    url = new URL(location, url)
  }
  return url
}
