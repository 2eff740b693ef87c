import { openBus } from '@patgate/event-bus'
import { type Clock, createLogger, type Logger, systemClock } from '@patgate/service-kit'
import { createEventPublisher, type EventPublisher } from './audit/event-publisher.ts'
import type { Config } from './config.ts'
import { createGatewayMetrics, type GatewayMetrics } from './metrics.ts'
import { openUpstream, type UpstreamPool } from './proxy/upstreams.ts'

/** Everything that has to be closed, and what it was opened with. */
export interface Deps {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: GatewayMetrics
  readonly publisher: EventPublisher
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
  const upstreams = new Map<string, UpstreamPool>()
  for (const { name, origin, connections } of config.file.upstreams.values()) {
    upstreams.set(name, openUpstream(name, config.upstreamUrls.get(name) ?? origin, connections))
  }
  const tokenService = openUpstream('token-service', config.tokenServiceUrl, SERVICE_CONNECTIONS)
  const tokenServiceInternal = openUpstream('resolve', config.tokenServiceInternalUrl, SERVICE_CONNECTIONS)
  const auditService = openUpstream('audit-service', config.auditServiceUrl, SERVICE_CONNECTIONS)

  return {
    clock: given.clock ?? systemClock,
    logger,
    metrics,
    publisher,
    upstreams,
    tokenService,
    tokenServiceInternal,
    auditService,
    async close() {
      const pools = [auditService, tokenServiceInternal, tokenService, ...upstreams.values()]
      await Promise.all(pools.map(({ pool }) => pool.destroy()))
      publisher.close()
      await bus.close()
    }
  }
}
