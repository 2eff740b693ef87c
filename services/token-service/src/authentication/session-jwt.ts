import { createPublicKey, type KeyObject } from 'node:crypto'
import fastifyJwt from '@fastify/jwt'
import type { App } from '@patgate/service-kit'

const AUDIENCE = 'patgate-session'
const TYPE = 'patgate-session+jwt'

/** What the session's token says: whose it is, and by `jti` which row must be alive. Times in seconds. */
export interface SessionClaims {
  readonly sub: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
}

/** Gives the application `app.jwt`, which signs and reads sessions and nothing else. */
export async function registerSessionJwt(app: App, key: KeyObject): Promise<void> {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  await app.register(fastifyJwt, {
    secret: { private: privateKey, public: publicKey },
    sign: { algorithm: 'EdDSA', aud: AUDIENCE, header: { alg: 'EdDSA', typ: TYPE } },
    // The row says when a session ends, by the service's own clock; the signature only keeps garbage from the database.
    verify: { algorithms: ['EdDSA'], allowedAud: AUDIENCE, checkTyp: TYPE, ignoreExpiration: true }
  })
}

export function signSession(app: App, claims: SessionClaims): string {
  return app.jwt.sign({ ...claims })
}

/** The id of the session that a token stands for; null when we did not sign it as one. */
export function sessionIdIn(app: Pick<App, 'jwt'>, token: string): string | null {
  try {
    const { jti } = app.jwt.verify<{ jti?: unknown }>(token)
    return typeof jti === 'string' ? jti : null
  } catch {
    return null
  }
}
