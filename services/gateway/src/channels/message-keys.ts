import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What a gateway vouches for when it publishes a message. */
export interface Vouched {
  readonly subject: string
  readonly id: string
  readonly publisher: string
  readonly time: string
  readonly contentType: string
  readonly payload: Uint8Array
}

/** The secrets by which gateways know each other's messages, and tell one owner's idempotency keys from another's. */
export interface MessageKeys {
  /** The id of a message with an `Idempotency-Key`: the same for every gateway, and for no other owner or address. */
  idempotentId(ownerId: string, subject: string, key: string): string
  sign(message: Vouched): string
  verify(message: Vouched, mac: string): boolean
}

/** `secrets`: the first one signs, each of them verifies, so that one can be replaced. */
export function createMessageKeys(secrets: readonly string[]): MessageKeys {
  const [first = Buffer.alloc(0), ...others] = secrets.map(keyFrom)

  return {
    idempotentId: (ownerId, subject, key) => macOf(first, ['idempotency', ownerId, subject, key]).toString('base64url'),
    sign: (message) => macOf(first, partsOf(message)).toString('base64url'),
    verify(message, mac) {
      const given = Buffer.from(mac, 'base64url')
      return [first, ...others].some((key) => {
        const expected = macOf(key, partsOf(message))
        return expected.length === given.length && timingSafeEqual(expected, given)
      })
    }
  }
}

function keyFrom(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'patgate channel messages', 32))
}

function partsOf({ subject, id, publisher, time, contentType, payload }: Vouched): string[] {
  return ['message', subject, id, publisher, time, contentType, hash('sha256', payload)]
}

/** Each part with its length before it, so that no two lists of parts are the same bytes. */
function macOf(key: Buffer, parts: readonly string[]): Buffer {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(`${Buffer.byteLength(part)}:`).update(part)
  return mac.digest()
}
