import { createPrivateKey, sign } from 'node:crypto'
import { encodeAuthorizationResponse, encodeUser, type User } from '@nats-io/jwt'
import { fromPublic, fromSeed, type KeyPair } from '@nats-io/nkeys'
import { base32nopad } from '@scure/base'
import type { ChannelGrant } from './channel-grant.ts'
import type { ClientRequest } from './client-request.ts'

/** Writes the answers to the auth callout, signed as the account that the server trusts. */
export interface CalloutSigner {
  /** Lets the client in, under the token's id, with these rights until then. */
  admit(request: ClientRequest, tokenId: string, grant: ChannelGrant, endsAtMs: number): Promise<string>
  /** The client learns nothing of the reason. */
  refuse(request: ClientRequest): Promise<string>
}

/** The account of `infra/nats/nats.conf` that clients live in. */
const CLIENT_ACCOUNT = 'CHANNELS'
const LARGEST_MESSAGE_BYTES = 1024 * 1024
const MOST_SUBSCRIPTIONS = 10_000
const NOTHING = { allow: [], deny: ['>'] }

export function createCalloutSigner(seed: string): CalloutSigner {
  const issuer = issuerOf(seed)
  const answer = ({ userKey, serverId }: ClientRequest, content: { jwt: string } | { error: string }) =>
    encodeAuthorizationResponse(fromPublic(userKey), fromPublic(serverId), issuer, content, { aud: serverId })

  return {
    async admit(request, tokenId, { publish, subscribe }, endsAtMs) {
      const user: Partial<User> = {
        pub: permission(publish),
        sub: permission(subscribe),
        payload: LARGEST_MESSAGE_BYTES,
        subs: MOST_SUBSCRIPTIONS,
        allowed_connection_types: ['STANDARD', 'WEBSOCKET', 'MQTT', 'MQTT_WS']
      }
      // Rounded down: no right outlives its end by the rest of a second.
      const options = { aud: CLIENT_ACCOUNT, exp: Math.floor(endsAtMs / 1000) }
      return answer(request, { jwt: await encodeUser(tokenId, fromPublic(request.userKey), issuer, user, options) })
    },
    refuse: (request) => answer(request, { error: 'not admitted' })
  }
}

/** NATS takes an empty list of what is allowed for no restriction at all. */
function permission(subjects: readonly string[]): { allow: string[]; deny: string[] } {
  return subjects.length === 0 ? NOTHING : { allow: [...subjects], deny: [] }
}

/** Where the 32 bytes are that matter: behind the kind of the key, before its checksum. */
const RAW_SEED = [2, 34] as const
const PKCS8_ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * The account's pair of keys, which signs natively: the library's own signature, in JavaScript, takes the thread ten
 * milliseconds and more, and thousands of clients may come back at once.
 */
function issuerOf(seed: string): KeyPair {
  const pair = fromSeed(Buffer.from(seed))
  const [publicKey, privateKey] = [pair.getPublicKey(), pair.getPrivateKey()]
  const der = Buffer.concat([PKCS8_ED25519_PREFIX, base32nopad.decode(seed).subarray(...RAW_SEED)])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return Object.assign(Object.create(pair) as KeyPair, {
    getPublicKey: () => publicKey,
    getPrivateKey: () => privateKey,
    sign: (input: Uint8Array) => new Uint8Array(sign(null, input, key))
  })
}
