import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { PublicJwk } from '@patgate/contracts'

/** One Ed25519 key: the private half signs here, the public half is in the JWKS. */
export interface SigningKey {
  readonly privateKey: KeyObject
  readonly publicJwk: PublicJwk
}

/** Reads a PEM (PKCS#8); throws when it is no Ed25519 key. */
export function signingKeyOf(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem)
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('is not an Ed25519 key')
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const key = { kty: 'OKP', crv: 'Ed25519', x } as const
  return { privateKey, publicJwk: { ...key, kid: thumbprintOf(key), alg: 'EdDSA', use: 'sig' } }
}

/** RFC 7638: the required members only, in the order of their names, so that a key names itself. */
function thumbprintOf({ crv, kty, x }: Pick<PublicJwk, 'crv' | 'kty' | 'x'>): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
}
