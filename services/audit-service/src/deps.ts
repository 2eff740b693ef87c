import { migrateToLatest, openDatabase, openPool } from '@patgate/database'
import { type Bus, openBus } from '@patgate/event-bus'
import {
  type Clock,
  createMetrics,
  type InternalAccess,
  internalAccess,
  type Logger,
  type Metrics,
  type ShutdownPhase
} from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { Pool } from 'pg'
import { openSessionResolver, type SessionResolver } from './auth/resolve-session.ts'
import { type Alarm, createAlarm } from './checkpoints/alarm.ts'
import { type AuditKeys, readAuditKeys } from './checkpoints/audit-keys.ts'
import { type CheckpointFolder, openCheckpointFolder } from './checkpoints/checkpoint-folder.ts'
import { type Checkpointing, startCheckpointing } from './checkpoints/start-checkpointing.ts'
import type { Config } from './config.ts'
import { migrations } from './database/migrations.ts'
import { ensurePartitions } from './database/partitions.ts'
import type { AuditDatabase } from './database/schema.ts'
import { type ExportQueue, openExportQueue } from './export/export-queue.ts'
import { fillTiles } from './merkle/fill-tiles.ts'
import { type AuditMetrics, createAuditMetrics } from './metrics.ts'
import { type OwnLog, openOwnLog } from './own-events/own-log.ts'
import { openQueueConnection } from './queue-connection.ts'
import { type LogGrowth, watchLogGrowth } from './tail/log-growth.ts'
import { openWebhookQueue, type WebhookQueue } from './webhooks/forwarding/webhook-queue.ts'
import { createSecretBox, type SecretBox } from './webhooks/secrets.ts'
import { openGuardedAgent } from './webhooks/targets/guarded-agent.ts'
import { createTargetPolicy, type TargetPolicy } from './webhooks/targets/target-policy.ts'

/** Everything the service holds; each part names the fields it uses. */
export interface Deps {
  readonly clock: Clock
  readonly logger: Logger
  readonly httpMetrics: Metrics
  readonly metrics: AuditMetrics
  readonly access: InternalAccess
  readonly database: Kysely<AuditDatabase>
  readonly writers: Pool
  readonly bus: Bus
  readonly sessions: SessionResolver
  readonly ownLog: OwnLog
  readonly growth: LogGrowth
  readonly auditKeys: AuditKeys
  readonly folder: CheckpointFolder
  readonly alarm: Alarm
  readonly checkpointing: Checkpointing
  readonly exportQueue: ExportQueue
  readonly exportDirectory: string
  readonly exportStreamLimit: number
  readonly secretBox: SecretBox
  readonly targets: TargetPolicy
  readonly webhookQueue: WebhookQueue
  /** The end of everything opened here, in reverse order. */
  readonly closing: readonly ShutdownPhase[]
}

export interface DepsOptions {
  readonly config: Config
  readonly logger: Logger
  readonly clock: Clock
}

/** One for each batch on its way, and one for this service's own events. */
const WRITERS = 3

/** Opens what has to be closed, and brings the database up to date first. */
export async function openDeps({ config, logger, clock }: DepsOptions): Promise<Deps> {
  const auditKeys = readAuditKeys(config.auditKeyFile, config.auditOrigin)
  const folder = await openCheckpointFolder(config.checkpointDirectory)
  const onIdleError = (err: Error): void => logger.warn({ err }, 'a database connection broke')
  const database = openDatabase<AuditDatabase>({ url: config.databaseUrl, onIdleError })
  await migrateToLatest(database, migrations)
  await ensurePartitions(database, clock)
  const writers = openPool({ url: config.databaseUrl, poolSize: WRITERS, onIdleError })
  await fillTiles(writers)
  const bus = openBus({
    url: config.natsUrl,
    name: 'audit-service',
    onStatus: (status) => logger.debug({ status }, 'the bus')
  })
  const sessions = openSessionResolver({
    tokenServiceUrl: config.tokenServiceUrl,
    internalKey: config.internalKeys[0] ?? ''
  })
  const httpMetrics = createMetrics()
  const metrics = createAuditMetrics(httpMetrics.registry)
  const ownLog = openOwnLog({ writers, clock, metrics })
  const alarm = createAlarm({ ownLog, metrics, logger })
  const checkpointing = startCheckpointing({ database, clock, auditKeys, folder, alarm, logger })
  const { exportDirectory, exportStreamLimit } = config
  const connection = openQueueConnection(config, logger)
  const exportQueue = openExportQueue({
    connection,
    database,
    auditKeys,
    checkpointing,
    clock,
    logger,
    exportDirectory
  })
  const secretBox = createSecretBox(config.webhookSecretsKeys)
  const targets = createTargetPolicy(config.webhookNetworks)
  const dispatcher = openGuardedAgent(targets)
  const retryDelaysMs = config.webhookRetryDelaysMs
  const sending = { database, clock, metrics, dispatcher, targets, secretBox, retryDelaysMs }
  const webhookQueue = openWebhookQueue({ connection, logger, ...sending })

  return {
    clock,
    logger,
    httpMetrics,
    metrics,
    access: internalAccess(config.internalKeys),
    database,
    writers,
    bus,
    sessions,
    ownLog,
    growth: watchLogGrowth({ database, logger }),
    auditKeys,
    folder,
    alarm,
    checkpointing,
    exportQueue,
    exportDirectory,
    exportStreamLimit,
    secretBox,
    targets,
    webhookQueue,
    closing: [
      { name: 'close the queue of webhooks', limitMs: 5_000, run: () => webhookQueue.close() },
      { name: 'close the queue of exports', limitMs: 5_000, run: () => exportQueue.close() },
      { name: 'close Redis', limitMs: 1_000, run: async () => connection.close() },
      { name: 'close the connections of webhooks', limitMs: 2_000, run: () => dispatcher.destroy() },
      { name: 'finish signing', limitMs: 5_000, run: () => checkpointing.stop() },
      { name: 'close the sessions', limitMs: 2_000, run: () => sessions.close() },
      { name: 'close the bus', limitMs: 2_000, run: () => bus.close() },
      { name: 'close the writers', limitMs: 2_000, run: () => writers.end() },
      { name: 'close the database', limitMs: 2_000, run: () => database.destroy() }
    ]
  }
}
