import { randomUUID } from 'node:crypto'
import { JWT_TYPES, type Snapshot } from '@patgate/contracts'
import { formatScopes, type Scope } from '@patgate/domain'
import { createSigner } from 'fast-jwt'
import type { ServiceClientPrincipal } from '../authentication/principal.ts'
import type { SigningKey } from '../signing-keys/signing-key.ts'

/** What a JWT says; times in seconds (RFC 9068, section 2.2). */
export interface AccessTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  readonly client_id: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly scope: string
  /** Not of the RFC: which token it stands for. */
  readonly token_id: string
}

const LONGEST_LIFETIME_S = 60

/** What a JWT is issued on. */
export interface Grounds {
  readonly issuer: string
  readonly audience: string
  readonly snapshot: Snapshot
  readonly client: ServiceClientPrincipal
  readonly scopes: readonly Scope[]
  readonly nowMs: number
}

/** Claims that end when the token does, if that is sooner; `exp` is not after `iat` where it has all but ended. */
export function accessTokenClaims(grounds: Grounds): AccessTokenClaims {
  const { issuer, audience, client, snapshot, scopes, nowMs } = grounds
  const iat = Math.floor(nowMs / 1000)
  return {
    iss: issuer,
    sub: snapshot.owner.id,
    aud: audience,
    client_id: client.clientId,
    jti: randomUUID(),
    iat,
    exp: Math.min(iat + LONGEST_LIFETIME_S, Math.floor(endMsOf(snapshot, scopes) / 1000)),
    scope: formatScopes(scopes),
    token_id: snapshot.token_id ?? ''
  }
}

/** When the token itself ends, or a group's cap on lifetimes ends what it may do there. */
function endMsOf({ expires_at: expiresAt, group_caps: caps = {} }: Snapshot, scopes: readonly Scope[]): number {
  const ends = [expiresAt, ...scopes.map(({ group }) => caps[group])]
  return Math.min(...ends.map((time) => (time == null ? Number.POSITIVE_INFINITY : Date.parse(time))))
}

export function signAccessToken(claims: AccessTokenClaims, { privateKey, publicJwk }: SigningKey): string {
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const header = { alg: 'EdDSA', typ: JWT_TYPES.accessToken } as const
  return createSigner({ key, algorithm: 'EdDSA', kid: publicJwk.kid, header })({ ...claims })
}
