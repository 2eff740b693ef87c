import { createMetrics, type Metrics } from '@patgate/service-kit'
import { Counter, Gauge, Histogram } from 'prom-client'
import type { GatewayHolder } from './coherence/gateway-holder.ts'
import { type CutReason, STREAM_KINDS, type StreamKind } from './streams/open-stream.ts'
import type { StreamRegistry } from './streams/stream-registry.ts'
import type { Snapshots } from './verify/snapshots.ts'

/** What the gateway counts beyond what every service does. */
export interface GatewayMetrics {
  readonly process: Metrics
  /** `code` is `ok` for what is allowed, else the code of the answer. */
  countDecision(outcome: 'allowed' | 'denied', code: string): void
  countSnapshot(result: 'hit' | 'miss'): void
  /** Shows the state of the lease and of the memory under it whenever somebody scrapes. */
  watchHolder(holder: GatewayHolder, snapshots: Snapshots): void
  /** Shows how many streams are open whenever somebody scrapes. */
  watchStreams(registry: Pick<StreamRegistry, 'count'>): void
  countCut(kind: StreamKind, reason: CutReason): void
  countRejection(reason: string): void
  countDroppedEvents(events: number): void
  observeUpstream(upstream: string, seconds: number): void
  countSentAgain(upstream: string): void
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
    name: 'patgate_l1_lookups_total',
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
  const cuts = new Counter({
    name: 'patgate_streams_cut_total',
    help: 'Open streams and long exchanges that the gateway ended, by kind and reason',
    labelNames: ['kind', 'reason'],
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
  const sentAgain = new Counter({
    name: 'patgate_upstream_retries_total',
    help: 'Idempotent requests that were sent once more, because their connection was lost before any answer',
    labelNames: ['upstream'],
    registers
  })
  return {
    process: metrics,
    countDecision: (outcome, code) => decisions.inc({ outcome, code }),
    countSnapshot: (result) => snapshots.inc({ result }),
    watchHolder: (holder, snapshots) => watchHolder(metrics, holder, snapshots),
    watchStreams: (registry) => watchStreams(metrics, registry),
    countCut: (kind, reason) => cuts.inc({ kind, reason }),
    countRejection: (reason) => rejections.inc({ reason }),
    countDroppedEvents: (events) => dropped.inc(events),
    observeUpstream: (upstream, seconds) => upstreams.observe({ upstream }, seconds),
    countSentAgain: (upstream) => sentAgain.inc({ upstream })
  }
}

function watchStreams({ registry }: Metrics, streams: Pick<StreamRegistry, 'count'>): void {
  new Gauge({
    name: 'patgate_open_streams',
    help: 'Open WebSockets and event streams, and proxied exchanges that have been going on for a while',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const kind of STREAM_KINDS) this.set({ kind }, streams.count(kind))
    }
  })
}

function watchHolder({ registry }: Metrics, { lease, follower }: GatewayHolder, snapshots: Snapshots): void {
  const registers = [registry]
  new Gauge({
    name: 'patgate_lease_state',
    help: 'Whether the lease of this gateway is live (1) or not (0): without it nothing in memory is believed',
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
    help: 'The number up to which this gateway has applied every change',
    registers,
    collect() {
      this.set(follower.appliedSeq)
    }
  })
  new Gauge({
    name: 'patgate_l1_entries',
    help: 'Credentials in memory: known ones, and digests that nobody has',
    labelNames: ['kind'],
    registers,
    collect() {
      const { known, unknown } = snapshots.sizes()
      this.set({ kind: 'known' }, known)
      this.set({ kind: 'unknown' }, unknown)
    }
  })
}
