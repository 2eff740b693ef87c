import { AssertionKey, JwkSet } from '@patgate/contracts'
import { type App, Fault } from '@patgate/service-kit'
import { JWKS_LIVES_S } from '../signing-keys/rotate-keys.ts'
import type { SigningKeys } from '../signing-keys/signing-keys.ts'
import { NoQuery } from './schemas.ts'

export interface SigningKeyDeps {
  /** Null where this instance signs nothing for others. */
  readonly signingKeys: SigningKeys | null
  readonly issuer: string
}

/** The public keys of exchanged tokens and of assertions; never the one of sessions, which nobody else may accept. */
export function jwksRoutes(app: App, { signingKeys }: SigningKeyDeps): void {
  app.get(
    '/.well-known/jwks.json',
    { config: { policy: 'public' }, schema: { querystring: NoQuery, response: { 200: JwkSet } } },
    async (_request, reply) =>
      reply.header('cache-control', `public, max-age=${JWKS_LIVES_S}`).send(signingKeys?.jwks() ?? { keys: [] })
  )
}

const REFRESH_AFTER_S = 60

/** The key that gateways sign assertions with (gateway.md, section 3), over the internal port only. */
export function assertionKeyRoutes(app: App, { signingKeys, issuer }: SigningKeyDeps): void {
  app.get(
    '/internal/v1/assertion-key',
    { config: { policy: 'internal' }, schema: { querystring: NoQuery, response: { 200: AssertionKey } } },
    async (_request, reply) => {
      if (signingKeys === null) throw new Fault('not_implemented', { detail: 'This instance has no signing keys' })
      const { privateKey, publicJwk } = signingKeys.current('assertion')
      const { d = '' } = privateKey.export({ format: 'jwk' })
      const { kty, crv, x, kid, alg } = publicJwk
      const key = { kty, crv, x, kid, alg, d }
      return reply.header('cache-control', 'no-store').send({ issuer, key, refresh_after_s: REFRESH_AFTER_S })
    }
  )
}
