import { type InstantClock, systemInstantClock } from '@patgate/coherence'
import type { Clock, LivePatgateFile } from '@patgate/service-kit'
import type { GatewayHolder } from '../coherence/gateway-holder.ts'
import type { Decider } from '../decision/decider.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { createLongExchanges, type LongExchanges } from './long-exchanges.ts'
import { createStreamRegistry, type StreamRegistry } from './stream-registry.ts'

export interface StreamsOptions {
  readonly holder: GatewayHolder
  readonly decider: Pick<Decider, 'reconsider'>
  /** Says what each role may do: after a reload everything is decided on again. */
  readonly patgateFile: Pick<LivePatgateFile, 'onChange'>
  readonly clock: Clock
  readonly metrics: GatewayMetrics
  readonly instants?: InstantClock
}

/** Everything that stays open in this gateway, kept in step with the change log and the clock. */
export interface Streams {
  readonly registry: StreamRegistry
  readonly longExchanges: LongExchanges
  /** Ends what has no end of its own, with 1012: the process is about to end. */
  shutDown(): void
  close(): void
}

/** Less than what a revoker waits beyond the end of a lease, so that by then nothing is delivered here any more. */
const LOOK_EVERY_MS = 100

export function openStreams(options: StreamsOptions): Streams {
  const { holder, decider, patgateFile, clock, metrics, instants = systemInstantClock } = options
  const { lease, memory } = holder
  const registry = createStreamRegistry({
    instants,
    clock,
    lease,
    memory,
    reconsider: decider.reconsider,
    onCut: ({ kind }, reason) => metrics.countCut(kind, reason)
  })
  const longExchanges = createLongExchanges(registry)
  holder.onChange(registry.apply)
  patgateFile.onChange(() => registry.apply(null))
  metrics.watchStreams(registry)
  const timer = setInterval(() => {
    longExchanges.turn()
    registry.sweep()
  }, LOOK_EVERY_MS).unref()
  return { registry, longExchanges, shutDown: registry.shutDown, close: () => clearInterval(timer) }
}
