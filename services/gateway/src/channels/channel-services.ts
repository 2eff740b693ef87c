import { createChannelEvents } from '../audit/channel-events.ts'
import type { Deps } from '../deps.ts'
import type { TokenRateLimits } from '../rate-limits/token-rate-limits.ts'
import type { AuditSpool } from '../spool/audit-spool.ts'
import type { StreamRegistry } from '../streams/stream-registry.ts'
import { keepAlive } from './keep-alive.ts'
import { PublishTally } from './publish-tally.ts'
import type { ChannelServices } from './register-channels.ts'

export interface ChannelServicesOptions {
  readonly tokenPrefix: string
  readonly deps: Pick<Deps, 'channels' | 'patgateFile' | 'clock' | 'usage'> & { readonly spool: AuditSpool }
  readonly registry: StreamRegistry
  readonly tokenLimits: TokenRateLimits
}

/** What all doors to the channels of this process share; to be closed with it. */
export function openChannelServices(options: ChannelServicesOptions): ChannelServices & { close(): void } {
  const { tokenPrefix, deps, registry, tokenLimits } = options
  const { channels, patgateFile, clock, usage, spool } = deps
  const events = createChannelEvents({ tokenPrefix, spool })
  const alive = keepAlive()
  const tally = new PublishTally(events)
  alive.everySecond(() => tally.record())
  return {
    channels,
    patgateFile,
    events,
    registry,
    alive,
    tally,
    clock,
    spend({ principal, claim }) {
      const counting = tokenLimits.consume(principal, 1)
      const publishing = claim.asks.filter(({ operation }) => operation === 'publish')
      usage.count(principal, publishing, claim.address)
      return counting === null || counting.then(({ isAllowed }) => isAllowed)
    },
    close() {
      tally.record()
      alive.close()
    }
  }
}
