import { statSync } from 'node:fs'
import { fromSeed } from '@nats-io/nkeys'

/** How MQTT and NATS clients are let in, as `infra/nats/nats.conf` has it. */
export interface ChannelClientSettings {
  /** NATS as the user of its system account. */
  readonly systemUrl: string
  /** What answers to the auth callout are signed with. */
  readonly calloutSeed: string
  /** How long a right can outlive its end while nobody can be told of it. */
  readonly sessionMaxMs: number
  readonly failuresPerMinute: number
}

const SHORTEST_SESSION_MS = 10_000
const OTHERS_MAY_READ = 0o004

/** Null where neither address nor seed are given: then no such clients are let in. */
export function channelClientSettings(
  settings: ChannelClientSettings,
  seedFile: string | undefined,
  mistakes: string[]
): ChannelClientSettings | null {
  const { systemUrl, calloutSeed, sessionMaxMs } = settings
  if (systemUrl === '' && calloutSeed === '') return null
  if (systemUrl === '' || calloutSeed === '') {
    mistakes.push('NATS_SYSTEM_URL and CALLOUT_ISSUER_SEED: give both or neither')
    return null
  }
  if (!/^(nats|tls):\/\//.test(systemUrl) || !URL.canParse(systemUrl)) {
    mistakes.push('NATS_SYSTEM_URL: needs an address that begins with nats:// or tls://')
  }
  if (!isAccountSeed(calloutSeed))
    mistakes.push('CALLOUT_ISSUER_SEED: needs the seed of an account, which begins with SA')
  if (seedFile !== undefined && (statSync(seedFile).mode & OTHERS_MAY_READ) !== 0) {
    mistakes.push('CALLOUT_ISSUER_SEED_FILE: is readable by others; whoever reads it can let anybody in')
  }
  if (sessionMaxMs < SHORTEST_SESSION_MS) mistakes.push('CHANNEL_SESSION_MAX: needs at least 10s')
  return Object.freeze(settings)
}

function isAccountSeed(seed: string): boolean {
  try {
    return fromSeed(Buffer.from(seed)).getPublicKey().startsWith('A')
  } catch {
    return false
  }
}
