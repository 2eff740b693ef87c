import { createMetrics, type Metrics } from '@patgate/service-kit'
import { Counter, Histogram } from 'prom-client'

/** What the gateway counts beyond what every service does. */
export interface GatewayMetrics {
  readonly process: Metrics
  /** `code` is `ok` for what is allowed, else the code of the answer. */
  countDecision(outcome: 'allowed' | 'denied', code: string): void
  countSnapshot(result: 'hit' | 'miss'): void
  countRejection(reason: string): void
  countDroppedEvents(events: number): void
  observeUpstream(upstream: string, seconds: number): void
}

export function createGatewayMetrics(): GatewayMetrics {
  const metrics = createMetrics()
  const registers = [metrics.registry]
  const decisions = new Counter({
    name: 'patgate_decisions_total',
    help: 'Decisions on proxied requests, by outcome and code',
    labelNames: ['outcome', 'code'],
    registers
  })
  const snapshots = new Counter({
    name: 'patgate_snapshot_cache_total',
    help: 'Look-ups of token snapshots in memory',
    labelNames: ['result'],
    registers
  })
  const rejections = new Counter({
    name: 'patgate_requests_rejected_total',
    help: 'Requests that the guard refused, by reason',
    labelNames: ['reason'],
    registers
  })
  const dropped = new Counter({
    name: 'patgate_audit_events_dropped_total',
    help: 'Audit events given up because too many were waiting',
    registers
  })
  const upstreams = new Histogram({
    name: 'patgate_upstream_duration_seconds',
    help: "Time until the upstream's response headers",
    labelNames: ['upstream'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers
  })
  return {
    process: metrics,
    countDecision: (outcome, code) => decisions.inc({ outcome, code }),
    countSnapshot: (result) => snapshots.inc({ result }),
    countRejection: (reason) => rejections.inc({ reason }),
    countDroppedEvents: (events) => dropped.inc(events),
    observeUpstream: (upstream, seconds) => upstreams.observe({ upstream }, seconds)
  }
}
