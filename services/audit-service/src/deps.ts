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
import type { Config } from './config.ts'
import { migrations } from './database/migrations.ts'
import { ensurePartitions } from './database/partitions.ts'
import type { AuditDatabase } from './database/schema.ts'
import { type AuditMetrics, createAuditMetrics } from './metrics.ts'
import { type OwnLog, openOwnLog } from './own-events/own-log.ts'

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
  /** The end of everything opened here, in reverse order. */
  readonly closing: readonly ShutdownPhase[]
}

export interface DepsOptions {
  readonly config: Config
  readonly logger: Logger
  readonly clock: Clock
}

const WRITERS = 2

/** Opens what has to be closed, and brings the database up to date first. */
export async function openDeps({ config, logger, clock }: DepsOptions): Promise<Deps> {
  const onIdleError = (err: Error): void => logger.warn({ err }, 'a database connection broke')
  const database = openDatabase<AuditDatabase>({ url: config.databaseUrl, onIdleError })
  await migrateToLatest(database, migrations)
  await ensurePartitions(database, clock)
  const writers = openPool({ url: config.databaseUrl, poolSize: WRITERS, onIdleError })
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
    ownLog: openOwnLog({ writers, clock, metrics }),
    closing: [
      { name: 'close the sessions', limitMs: 2_000, run: () => sessions.close() },
      { name: 'close the bus', limitMs: 2_000, run: () => bus.close() },
      { name: 'close the writers', limitMs: 2_000, run: () => writers.end() },
      { name: 'close the database', limitMs: 2_000, run: () => database.destroy() }
    ]
  }
}
