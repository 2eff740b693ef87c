import type { Propagation } from '@patgate/contracts'
import type { Metrics } from '@patgate/service-kit'
import { Counter, Gauge, Histogram } from 'prom-client'
import type { OwnHolder } from './own-holder.ts'

/** What tells an operator how fast changes spread, and who does not confirm them. */
export function createCoherenceMetrics({ registry }: Metrics, { lease, follower }: OwnHolder) {
  const registers = [registry]
  const seconds = new Histogram({
    name: 'patgate_change_propagation_seconds',
    help: 'Time from the commit of a change until it was in force on every holder of snapshots',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers
  })
  const expired = new Counter({
    name: 'patgate_change_propagation_expired_total',
    help: 'Gateways that did not confirm a change and whose lease was waited out',
    registers
  })
  new Gauge({
    name: 'patgate_lease_state',
    help: 'Whether the lease of this process is live (1) or not (0)',
    registers,
    collect() {
      this.set(lease.isLive() ? 1 : 0)
    }
  })
  new Counter({
    name: 'patgate_lease_lapses_total',
    help: 'How often the lease ran out before it was renewed: the cores are too busy, or the network is too slow',
    registers,
    collect() {
      this.reset()
      this.inc(lease.lapses)
    }
  })
  new Gauge({
    name: 'patgate_change_applied_seq',
    help: 'The number up to which this process has applied every change',
    registers,
    collect() {
      this.set(follower.appliedSeq)
    }
  })
  return {
    observe(propagation: Propagation): void {
      seconds.observe(propagation.took_ms / 1000)
      expired.inc(propagation.expired)
    }
  }
}
