import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'

/** What is remembered of somebody who was sent to the provider: it proves that whoever comes back is the same browser. */
const Flow = Type.Object({
  state: Type.String(),
  nonce: Type.String(),
  codeVerifier: Type.String(),
  returnTo: Type.String(),
  expiresAtMs: Type.Number()
})
export type Flow = Static<typeof Flow>

export const FLOW_LIFETIME_MS = 10 * 60 * 1000

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Keeps flows in the browser itself, so that nobody can fill a table by starting to sign in. */
export interface FlowSeal {
  seal(flow: Flow): string
  /** Null when it is not one of ours, was changed, or is over. */
  open(sealed: string, nowMs: number): Flow | null
}

/** All replicas share the key of sessions, so each can open what another has sealed. */
export function createFlowSeal(sessionKey: KeyObject): FlowSeal {
  const secret = sessionKey.export({ type: 'pkcs8', format: 'der' })
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'patgate sign-in flow', 32))
  return {
    seal(flow) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, nonce)
      const text = Buffer.concat([cipher.update(JSON.stringify(flow), 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')
    },
    open(sealed, nowMs) {
      const flow = decrypt(key, Buffer.from(sealed, 'base64url'))
      return Check(Flow, flow) && flow.expiresAtMs > nowMs ? flow : null
    }
  }
}

function decrypt(key: Buffer, bytes: Buffer): unknown {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    return JSON.parse(text.toString())
  } catch {
    return null
  }
}
