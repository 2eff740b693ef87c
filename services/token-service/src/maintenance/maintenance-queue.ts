import { setTimeout as wait } from 'node:timers/promises'
import { QUEUES } from '@patgate/contracts'
import type { Logger } from '@patgate/service-kit'
import { type Job, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { RecurringJob } from './recurring-job.ts'
import { type RunJobDeps, runJob } from './run-job.ts'

export interface MaintenanceOptions extends RunJobDeps {
  readonly redisUrl: string
  readonly redisPrefix: string
  readonly logger: Logger
  readonly jobs: readonly RecurringJob[]
  /** Looks for the schedule this often, and makes it again where Redis lost it. */
  readonly rebuildEveryMs?: number
}

/** The queue of recurring work, shared by all replicas: a job runs on one of them. */
export interface MaintenanceQueue {
  isConnected(): boolean
  close(): Promise<void>
}

const REBUILD_EVERY_MS = 10_000
const START_WITHIN_MS = 2_000
const RETRY_MS = 500
/** Kinds of work that one process does side by side: a long purge must not hold up the sweep. */
const CONCURRENCY = 2

/**
 * Opens the queue. A Redis that may evict jobs stops the start; one that is down does not: what the queue does can
 * wait, and it begins by itself when Redis comes (coherence.md, "The promise", 6).
 */
export async function openMaintenanceQueue(options: MaintenanceOptions): Promise<MaintenanceQueue> {
  const { logger } = options
  const redis = new Redis(options.redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => RETRY_MS })
  redis.on('error', (error) => logger.debug({ err: error }, 'Redis cannot be reached'))
  const closing = new AbortController()
  const checked = unlessClosed(assertKeepsEveryJob(redis), closing.signal)
  const running = checked.then(() => run(redis, options, closing.signal))
  running.catch((error) => {
    if (!closing.signal.aborted) logger.fatal({ err: error }, 'recurring work does not run')
  })
  const close = async (): Promise<void> => {
    closing.abort()
    await running.catch(() => undefined)
    redis.disconnect()
  }
  try {
    await Promise.race([checked, wait(START_WITHIN_MS, undefined, { signal: closing.signal })])
  } catch (error) {
    await close()
    throw error
  }
  return { isConnected: () => redis.status === 'ready', close }
}

/** Resolves when Redis answered that it never evicts; waits for as long as it does not answer at all. */
async function assertKeepsEveryJob(redis: Redis): Promise<void> {
  const memory = await redis.info('memory')
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1]
  if (policy !== undefined && policy !== 'noeviction') {
    throw new Error(`The queue's Redis may evict jobs (maxmemory-policy is ${policy}): set it to noeviction`)
  }
}

async function run(redis: Redis, options: MaintenanceOptions, closing: AbortSignal): Promise<void> {
  const { redisPrefix: prefix, logger, jobs } = options
  const tell = (error: Error): void => {
    if (!closing.aborted) logger.debug({ err: error }, 'the queue cannot reach Redis')
  }
  const byName = new Map<string, RecurringJob>(jobs.map((job) => [job.name, job]))
  const perform = async ({ name }: Job): Promise<void> => {
    const job = byName.get(name)
    if (job === undefined) throw new Error(`no such job: ${name}`)
    await runJob(options, job, closing)
  }
  const connection = { connection: redis, prefix }
  const queue = new Queue(QUEUES.tokenMaintenance, connection)
  const worker = new Worker(QUEUES.tokenMaintenance, perform, { ...connection, concurrency: CONCURRENCY })
  queue.on('error', tell)
  worker.on('error', tell)
  worker.on('failed', (job, error) => logger.error({ job: job?.name, err: error }, 'recurring work failed'))

  while (!closing.aborted) {
    const schedule = keepScheduled(queue, jobs).catch(tell)
    await unlessClosed(schedule, closing).catch(() => undefined)
    await wait(options.rebuildEveryMs ?? REBUILD_EVERY_MS, undefined, { signal: closing }).catch(() => undefined)
  }
  // Waits for the jobs at hand, unless Redis is gone and could not be told of their end.
  await worker.close(redis.status !== 'ready')
  await queue.close()
}

/** What Redis has not answered yet is never answered when Redis is down: closing must not wait for it. */
function unlessClosed<T>(work: Promise<T>, closing: AbortSignal): Promise<T> {
  const { promise: closed, reject } = Promise.withResolvers<never>()
  closing.addEventListener('abort', reject, { once: true })
  return Promise.race([work, closed]).finally(() => closing.removeEventListener('abort', reject))
}

/** Only where it is missing or has another rhythm: making it anew would put off the next run each time. */
async function keepScheduled(queue: Queue, jobs: readonly RecurringJob[]): Promise<void> {
  const opts = { removeOnComplete: true, removeOnFail: 100 }
  for (const { name, everyMs } of jobs) {
    const scheduled = await queue.getJobScheduler(name)
    if (Number(scheduled?.every) === everyMs) continue
    await queue.upsertJobScheduler(name, { every: everyMs }, { name, opts })
  }
}
