import { type Static, Type } from 'typebox'
import { closed } from './primitives.ts'

/** The `typ` of each kind of JWT that others verify; a verifier accepts exactly one (gateway.md, section 3). */
export const JWT_TYPES = { accessToken: 'at+jwt', assertion: 'patgate-assertion+jwt' } as const

const okpKey = { kty: Type.Literal('OKP'), crv: Type.Literal('Ed25519'), x: Type.String(), kid: Type.String() }

/** A public key (RFC 7517, RFC 8037); `kid` is its thumbprint (RFC 7638). */
export const PublicJwk = closed({ ...okpKey, alg: Type.Literal('EdDSA'), use: Type.Literal('sig') })
export type PublicJwk = Static<typeof PublicJwk>

export const JwkSet = closed({ keys: Type.Array(PublicJwk) })
export type JwkSet = Static<typeof JwkSet>

/**
 * What a gateway signs `Patgate-Assertion` with. The key is kept in memory only, and asked for again after
 * `refresh_after_s`: it may have been rotated.
 */
export const AssertionKey = closed({
  issuer: Type.String(),
  key: closed({ ...okpKey, d: Type.String(), alg: Type.Literal('EdDSA') }),
  refresh_after_s: Type.Integer()
})
export type AssertionKey = Static<typeof AssertionKey>
