import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** What of a webhook nobody may read in the database or in a backup of it. */
export interface WebhookSecrets {
  /** Which sign, as `whsec_…`: the current one first, then the one before it while receivers change over. */
  readonly signing: readonly { readonly secret: string; readonly until: string | null }[]
  readonly headers: Readonly<Record<string, string>>
}

/** Seals secrets so that they can be read with the keys of this service only, and for one webhook only. */
export interface SecretBox {
  seal(webhookId: string, secrets: WebhookSecrets): Buffer
  /** Throws when none of the keys opens it. */
  open(webhookId: string, sealed: Buffer): WebhookSecrets
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/** The first key seals, all of them open: a key is replaced by putting the new one before it. */
export function createSecretBox(secrets: readonly string[]): SecretBox {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'patgate webhooks', KEY_BYTES)))
  const [sealing = Buffer.alloc(0)] = keys

  return {
    seal(webhookId, content) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, sealing, nonce).setAAD(Buffer.from(webhookId))
      const text = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text])
    },
    open(webhookId, sealed) {
      for (const key of keys) {
        const text = decrypt(key, webhookId, sealed)
        if (text !== null) return JSON.parse(text)
      }
      throw new Error('the secrets of the webhook were sealed with a key that is not there')
    }
  }
}

function decrypt(key: Buffer, webhookId: string, sealed: Buffer): string | null {
  const behindNonce = NONCE_BYTES + TAG_BYTES
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(webhookId)).setAuthTag(sealed.subarray(NONCE_BYTES, behindNonce))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(behindNonce)), decipher.final()]).toString()
  } catch {
    return null
  }
}

const SECRET_BYTES = 32

/** A fresh secret in the form that Standard Webhooks gives it. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`
}
