import { randomUUID } from 'node:crypto'
import { systemInstantClock } from '@patgate/coherence'
import { openBus } from '@patgate/event-bus'
import { type Clock, createLogger, LivePatgateFile, type Logger, longestGrace, systemClock } from '@patgate/service-kit'
import { type AssertionKeys, openAssertionKeys } from './assertions/assertion-keys.ts'
import { type Channels, createChannels } from './channels/channels.ts'
import { createMessageKeys } from './channels/message-keys.ts'
import { createGatewayHolder, type GatewayHolder } from './coherence/gateway-holder.ts'
import { createLeaseClient } from './coherence/lease-client.ts'
import { type Config, upstreamVariable } from './config.ts'
import { createGatewayMetrics, type GatewayMetrics } from './metrics.ts'
import { openUpstreamPools, type UpstreamPools } from './proxy/upstream-pools.ts'
import { UpstreamPool } from './proxy/upstreams.ts'
import { openRateLimitStore, type RateLimitStore } from './rate-limits/rate-limit-store.ts'
import { type AuditSpool, openAuditSpool } from './spool/audit-spool.ts'
import type { FloodLimits } from './spool/flood-control.ts'
import { openUsage, type Usage } from './usage/usage.ts'
import { openSnapshots, type Snapshots } from './verify/snapshots.ts'

/** Everything that has to be closed, and what it was opened with. */
export interface Deps {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: GatewayMetrics
  /** `patgate.yaml`, which may be reloaded at any time. */
  readonly patgateFile: LivePatgateFile
  /** Where audit events are safe before a response leaves. */
  readonly spool: AuditSpool
  /** What this process may believe of its memory, and that memory. */
  readonly holder: GatewayHolder
  readonly snapshots: Snapshots
  /** What tokens are used for. */
  readonly usage: Usage
  /** Where requests are counted for all gateways together; without it each counts its own. */
  readonly rateLimits: RateLimitStore
  /** Messages, in a place on NATS of their own. */
  readonly channels: Channels
  readonly upstreams: UpstreamPools
  readonly tokenService: UpstreamPool
  /** The port that no user reaches: resolving credentials. */
  readonly tokenServiceInternal: UpstreamPool
  readonly auditService: UpstreamPool
  /** What assertions are signed with. */
  readonly assertionKeys: AssertionKeys
  close(): Promise<void>
}

const SERVICE_CONNECTIONS = 64

/** Waits for no server: a gateway starts, and says so when it is ready, whatever else is down. */
export async function openDeps(
  config: Config,
  given: { clock?: Clock; logger?: Logger; flood?: FloodLimits } = {}
): Promise<Deps> {
  const clock = given.clock ?? systemClock
  const logger = given.logger ?? createLogger(config.name, config.logLevel)
  const metrics = createGatewayMetrics()
  const bus = openBus({ url: config.natsUrl, name: `gateway ${config.name}` })
  const spool = await openAuditSpool({
    directory: config.spool.directory,
    producer: `gateway:${config.name}`,
    clock,
    maxBytes: config.spool.maxBytes,
    whenFull: config.spool.whenFull,
    bus,
    ...(given.flood === undefined ? {} : { flood: given.flood }),
    onError: (error) => logger.warn({ err: error }, 'audit events wait in the spool'),
    onMended: (mended) => logger.warn({ mended }, 'the spool was mended after a crash'),
    onLost: (_reason, count) => metrics.countDroppedEvents(count)
  })
  const usage = openUsage({ name: config.name, bus, clock, logger, metrics: metrics.process })
  const rateLimits = openRateLimitStore({
    url: config.redisUrl,
    keyPrefix: `${config.redisPrefix}:rate-limits`,
    clock,
    logger
  })
  const channelsBus = openBus({ url: config.channels.natsUrl, name: `gateway ${config.name}, channels` })
  const keys = createMessageKeys(config.channels.secrets)
  const channels = createChannels({ bus: channelsBus, streams: config.channels, keys, clock, logger })
  const patgateFile = new LivePatgateFile(config.file)
  const upstreams = openUpstreamPools(({ name, origin }) => config.upstreamUrls.get(upstreamVariable(name)) ?? origin)
  const tokenService = new UpstreamPool('token-service', config.tokenServiceUrl, SERVICE_CONNECTIONS)
  const tokenServiceInternal = new UpstreamPool('resolve', config.tokenServiceInternalUrl, SERVICE_CONNECTIONS)
  const auditService = new UpstreamPool('audit-service', config.auditServiceUrl, SERVICE_CONNECTIONS)

  const { internalKey } = config
  const assertionKeys = openAssertionKeys({ tokenService: tokenServiceInternal, internalKey, logger })

  const holderId = randomUUID()
  const client = createLeaseClient({
    tokenService: tokenServiceInternal.pool,
    origin: tokenServiceInternal.origin,
    internalKey,
    holder: holderId,
    name: config.name,
    graceMs: patgateFile.derive(longestGrace)
  })
  const instants = systemInstantClock
  const holder = createGatewayHolder({ id: holderId, instants, client, bus, logger })
  const snapshots = openSnapshots({ instants, holder, capacity: config.snapshotCapacity })
  metrics.watchHolder(holder, snapshots)
  holder.start()

  return {
    clock,
    logger,
    metrics,
    patgateFile,
    spool,
    holder,
    snapshots,
    usage,
    rateLimits,
    channels,
    upstreams,
    tokenService,
    tokenServiceInternal,
    auditService,
    assertionKeys,
    async close() {
      await holder.stop()
      await usage.close()
      rateLimits.close()
      assertionKeys.close()
      await Promise.all([auditService, tokenServiceInternal, tokenService].map((pool) => pool.destroy()))
      await upstreams.close()
      await spool.close()
      await bus.close()
      await channelsBus.close()
    }
  }
}
