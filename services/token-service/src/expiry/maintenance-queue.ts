import { setTimeout as wait } from 'node:timers/promises'
import { JOBS, QUEUES } from '@patgate/contracts'
import type { Logger } from '@patgate/service-kit'
import { type Job, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { createAlarm } from '../changes/alarm.ts'

export interface MaintenanceOptions {
  readonly redisUrl: string
  readonly redisPrefix: string
  readonly logger: Logger
  readonly sweepEveryMs?: number
  /** Looks for the schedule this often, and makes it again where Redis lost it. */
  readonly rebuildEveryMs?: number
  readonly sweep: () => Promise<void>
}

/** The queue of recurring work, shared by all replicas: a job runs on one of them. */
export interface MaintenanceQueue {
  isConnected(): boolean
  close(): Promise<void>
}

const SWEEP_EVERY_MS = 30_000
const REBUILD_EVERY_MS = 10_000
const START_WITHIN_MS = 2_000
const RETRY_MS = 500

/**
 * Opens the queue. A Redis that may evict jobs stops the start; one that is down does not: what the queue does can
 * wait, and it begins by itself when Redis comes (coherence.md, "The promise", 6).
 */
export async function openMaintenanceQueue(options: MaintenanceOptions): Promise<MaintenanceQueue> {
  const { logger } = options
  const redis = new Redis(options.redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => RETRY_MS })
  redis.on('error', (error) => logger.debug({ err: error }, 'Redis cannot be reached'))
  const closing = new AbortController()
  const checked = assertKeepsEveryJob(redis)
  const running = checked.then(() => run(redis, options, closing.signal))
  running.catch((error) => {
    if (!closing.signal.aborted) logger.fatal({ err: error }, 'recurring work does not run')
  })
  try {
    await Promise.race([checked, wait(START_WITHIN_MS, undefined, { signal: closing.signal, ref: false })])
  } catch (error) {
    closing.abort()
    redis.disconnect()
    throw error
  }
  return {
    isConnected: () => redis.status === 'ready',
    async close() {
      closing.abort()
      if (redis.status !== 'ready') redis.disconnect()
      await running.catch(() => undefined)
      redis.disconnect()
    }
  }
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
  const { redisPrefix: prefix, logger } = options
  const tell = (error: Error): void => {
    if (!closing.aborted) logger.debug({ err: error }, 'the queue cannot reach Redis')
  }
  const connection = { connection: redis, prefix }
  const queue = new Queue(QUEUES.tokenMaintenance, connection)
  const worker = new Worker(QUEUES.tokenMaintenance, (job: Job) => perform(job, options), connection)
  queue.on('error', tell)
  worker.on('error', tell)
  worker.on('failed', (job, error) => logger.error({ job: job?.name, err: error }, 'recurring work failed'))

  const alarm = createAlarm()
  closing.addEventListener('abort', alarm.ring)
  while (!closing.aborted) {
    await keepScheduled(queue, options.sweepEveryMs ?? SWEEP_EVERY_MS).catch(tell)
    if (!closing.aborted) await alarm.wait(options.rebuildEveryMs ?? REBUILD_EVERY_MS)
  }
  await worker.close(redis.status !== 'ready')
  await queue.close()
}

/** Only where it is missing: making it anew would put off the next run each time. */
async function keepScheduled(queue: Queue, everyMs: number): Promise<void> {
  if ((await queue.getJobScheduler(JOBS.expirySweep)) !== undefined) return
  const opts = { removeOnComplete: true, removeOnFail: 100 }
  await queue.upsertJobScheduler(JOBS.expirySweep, { every: everyMs }, { name: JOBS.expirySweep, opts })
}

async function perform(job: Job, { sweep }: MaintenanceOptions): Promise<void> {
  if (job.name !== JOBS.expirySweep) throw new Error(`no such job: ${job.name}`)
  await sweep()
}
