import { createAccount, fromSeed } from '@nats-io/nkeys'
import { keepSecret, randomPassword } from '../secrets.ts'

/** Who speaks on NATS with a name and password of its own; what each may say is in `infra/nats/nats.conf`. */
export const natsUsers = ['token-service', 'audit-service', 'gateway', 'channels', 'system'] as const
export type NatsUser = (typeof natsUsers)[number]

/** Reserved by this beginning, so that a client may be called `gateway`: its name is ignored. */
export const loginOf = (user: NatsUser): string => `patgate-${user}`

/** Keeps a password for each user, in a file that its owner alone may read; they are drawn at the first start. */
export function keepPasswords(pathOf: (name: string) => string): Record<NatsUser, string> {
  const keep = (user: NatsUser): string => keepSecret(pathOf(`${user}.password`), randomPassword)
  return Object.fromEntries(natsUsers.map((user) => [user, keep(user)])) as Record<NatsUser, string>
}

/** The key by which the token service admits clients: the seed stays in its file, the server learns the public half. */
export function keepCalloutIssuer(path: string): { publicKey: string } {
  const seed = keepSecret(path, () => Buffer.from(createAccount().getSeed()).toString())
  return { publicKey: fromSeed(Buffer.from(seed)).getPublicKey() }
}
