import { randomUUID } from 'node:crypto'
import { systemInstantClock } from '@patgate/coherence'
import { openBus } from '@patgate/event-bus'
import { type Clock, createLogger, type Logger, type PatgateFile, systemClock } from '@patgate/service-kit'
import { createEventPublisher, type EventPublisher } from './audit/event-publisher.ts'
import { createGatewayHolder, type GatewayHolder } from './coherence/gateway-holder.ts'
import { createLeaseClient } from './coherence/lease-client.ts'
import type { Config } from './config.ts'
import { createGatewayMetrics, type GatewayMetrics } from './metrics.ts'
import { openUpstream, type UpstreamPool } from './proxy/upstreams.ts'
import { openUsage, type Usage } from './usage/usage.ts'
import { openSnapshots, type Snapshots } from './verify/snapshots.ts'

/** Everything that has to be closed, and what it was opened with. */
export interface Deps {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: GatewayMetrics
  readonly publisher: EventPublisher
  /** What this process may believe of its memory, and that memory. */
  readonly holder: GatewayHolder
  readonly snapshots: Snapshots
  /** What tokens are used for. */
  readonly usage: Usage
  /** By the name in `patgate.yaml`. */
  readonly upstreams: ReadonlyMap<string, UpstreamPool>
  readonly tokenService: UpstreamPool
  /** The port that no user reaches: resolving credentials. */
  readonly tokenServiceInternal: UpstreamPool
  readonly auditService: UpstreamPool
  close(): Promise<void>
}

const SERVICE_CONNECTIONS = 64

/** Waits for none of them: a gateway starts, and says so when it is ready, whatever else is down. */
export function openDeps(config: Config, given: { clock?: Clock; logger?: Logger } = {}): Deps {
  const logger = given.logger ?? createLogger(config.name, config.logLevel)
  const metrics = createGatewayMetrics()
  const bus = openBus({ url: config.natsUrl, name: `gateway ${config.name}` })
  const publisher = createEventPublisher({ bus, logger, onDropped: metrics.countDroppedEvents })
  const usage = openUsage({ name: config.name, bus, clock: given.clock ?? systemClock, logger, metrics: metrics.process })
  const upstreams = new Map<string, UpstreamPool>()
  for (const { name, origin, connections } of config.file.upstreams.values()) {
    upstreams.set(name, openUpstream(name, config.upstreamUrls.get(name) ?? origin, connections))
  }
  const tokenService = openUpstream('token-service', config.tokenServiceUrl, SERVICE_CONNECTIONS)
  const tokenServiceInternal = openUpstream('resolve', config.tokenServiceInternalUrl, SERVICE_CONNECTIONS)
  const auditService = openUpstream('audit-service', config.auditServiceUrl, SERVICE_CONNECTIONS)

  const holderId = randomUUID()
  const client = createLeaseClient({
    tokenService: tokenServiceInternal.pool,
    origin: tokenServiceInternal.origin,
    internalKey: config.internalKey,
    holder: holderId,
    name: config.name,
    graceMs: longestGrace(config.file)
  })
  const instants = systemInstantClock
  const holder = createGatewayHolder({ id: holderId, instants, client, bus, logger })
  const snapshots = openSnapshots({ instants, holder, capacity: config.snapshotCapacity })
  metrics.watchHolder(holder, snapshots)
  holder.start()

  return {
    clock: given.clock ?? systemClock,
    logger,
    metrics,
    publisher,
    holder,
    snapshots,
    usage,
    upstreams,
    tokenService,
    tokenServiceInternal,
    auditService,
    async close() {
      await holder.stop()
      await usage.close()
      const pools = [auditService, tokenServiceInternal, tokenService, ...upstreams.values()]
      await Promise.all(pools.map(({ pool }) => pool.destroy()))
      publisher.close()
      await bus.close()
    }
  }
}

function longestGrace({ routes }: PatgateFile): number {
  return Math.max(0, ...routes.map(({ access }) => (access.kind === 'protected' ? access.graceMs : 0)))
}
