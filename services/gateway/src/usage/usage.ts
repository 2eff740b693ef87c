import type { Bus } from '@patgate/event-bus'
import type { Clock, Logger, Metrics } from '@patgate/service-kit'
import { Counter } from 'prom-client'
import { createUsageCounter, type UsageCounter } from './usage-counter.ts'
import { startUsageReporter, type UsageReporter } from './usage-reporter.ts'

export interface UsageOptions {
  /** This gateway's name. */
  readonly name: string
  readonly bus: Bus
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}

/** What tokens are used for: counted with each decision, reported every few seconds. */
export type Usage = Pick<UsageCounter, 'count'> & UsageReporter

export function openUsage({ name, bus, clock, logger, metrics }: UsageOptions): Usage {
  const uncounted = new Counter({
    name: 'patgate_usage_uncounted_total',
    help: 'Accepted uses that were not counted, because too many different ones came between two reports',
    registers: [metrics.registry]
  })
  const counter = createUsageCounter({ clock, onUncounted: (uses) => uncounted.inc(uses) })
  const reporter = startUsageReporter({ name, bus, logger, counter })
  return { count: counter.count, ...reporter }
}
