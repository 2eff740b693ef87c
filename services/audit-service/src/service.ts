import { type ShutdownPhase, systemClock } from '@patgate/service-kit'
import { buildApp } from './app.ts'
import { startPatrol } from './checkpoints/start-patrol.ts'
import { ensurePartitions } from './database/partitions.ts'
import { type DepsOptions, openDeps } from './deps.ts'
import { removeOldExports } from './export/remove-old-exports.ts'
import { createGapWatch } from './gaps/gap-watch.ts'
import { hearProducers } from './gaps/hear-producers.ts'
import { startIngesting } from './ingest/start-ingesting.ts'
import { buildOperationsApp } from './operations.ts'
import { recordStart, recordStop } from './own-events/lifecycle.ts'
import { repeatEvery } from './repeat-every.ts'
import { dropOldPartitions } from './retention/drop-old-partitions.ts'

export interface Service {
  readonly url: string
  readonly operationsUrl: string
  /** How to end it, in order. */
  readonly phases: readonly ShutdownPhase[]
}

export type ServiceOptions = Omit<DepsOptions, 'clock'> & Partial<Pick<DepsOptions, 'clock'>>

const GAPS_EVERY_MS = 10_000
const OLD_THINGS_EVERY_MS = 60 * 60 * 1_000

/** Starts the whole audit service; when it resolves, the service listens and ingests. */
export async function startService({ config, logger, clock = systemClock }: ServiceOptions): Promise<Service> {
  const deps = await openDeps({ config, logger, clock })
  const app = await buildApp(deps)
  const operations = await buildOperationsApp(deps)
  await recordStart(deps.ownLog)
  const ingesting = startIngesting(deps)
  const tidying = repeatEvery(
    OLD_THINGS_EVERY_MS,
    async () => {
      await ensurePartitions(deps.database, clock)
      const dropped = config.retentionMs === null ? [] : await dropOldPartitions(deps, config.retentionMs)
      if (dropped.length > 0) logger.info({ dropped }, 'retention removed old months')
      await removeOldExports(deps)
    },
    (err) => logger.error({ err }, 'partitions could not be made or removed, or old exports not removed')
  )
  const patrol = startPatrol(deps)
  hearProducers(deps)
  const gapWatch = createGapWatch({ ...deps, canHear: deps.bus.isConnected })
  const watching = repeatEvery(GAPS_EVERY_MS, gapWatch.look, (err) =>
    logger.warn({ err }, 'what is missing of producers could not be looked at')
  )
  const operationsUrl = await operations.listen({ host: config.host, port: config.operationsPort })
  const url = await app.listen({ host: config.host, port: config.port })

  return {
    url,
    operationsUrl,
    phases: [
      { name: 'finish requests', limitMs: 10_000, run: () => app.close() },
      { name: 'finish ingesting', limitMs: 5_000, run: () => ingesting.stop() },
      { name: 'finish tidying', limitMs: 5_000, run: () => tidying.stop() },
      { name: 'finish watching for gaps', limitMs: 5_000, run: () => watching.stop() },
      { name: 'finish the patrol', limitMs: 5_000, run: () => patrol.stop() },
      { name: 'record the stop', limitMs: 2_000, run: () => recordStop(deps.ownLog) },
      { name: 'close health and metrics', limitMs: 1_000, run: () => operations.close() },
      ...deps.closing
    ]
  }
}
