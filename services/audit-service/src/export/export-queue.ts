import { JOBS, QUEUES } from '@patgate/contracts'
import { Fault, type Logger } from '@patgate/service-kit'
import { type Job, Queue, Worker } from 'bullmq'
import type { QueueConnection } from '../queue-connection.ts'
import { repeatEvery } from '../repeat-every.ts'
import { removeStranded } from '../stranded-job.ts'
import { finish, type MakeExportFileDeps, makeExportFile } from './make-export-file.ts'

export interface ExportQueueOptions extends MakeExportFileDeps {
  readonly connection: QueueConnection
  readonly logger: Logger
}

/** Large exports wait here; one replica after the other takes one. */
export interface ExportQueue {
  /** Throws `unavailable` when Redis takes nothing; the export is taken up when Redis is back. */
  add(id: string): Promise<void>
  close(): Promise<void>
}

const ADD_WITHIN_MS = 2_000
const ATTEMPTS = 3
/** How often it is made sure that Redis has everything that waits. */
const RESUME_EVERY_MS = 5_000

/** Opens the queue and works on it. Redis may come later: what is already asked for lies in the database. */
export function openExportQueue({ connection, logger, ...deps }: ExportQueueOptions): ExportQueue {
  const queue = new Queue(QUEUES.auditExports, connection.options)
  const worker = new Worker(
    QUEUES.auditExports,
    (job: Job<{ id: string }>) => makeExportFile(deps, job.data.id),
    connection.options
  )
  const tell = (err: Error): void => logger.debug({ err }, 'the queue of exports cannot reach Redis')
  queue.on('error', tell)
  worker.on('error', tell)
  worker.on('failed', (job, err) => {
    logger.error({ err, export: job?.data.id }, 'an export could not be written')
    if (job !== undefined && job.attemptsMade >= ATTEMPTS) void giveUp(job.data.id)
  })

  async function giveUp(id: string): Promise<void> {
    await finish(deps, id, 'failed').catch((err: unknown) => logger.error({ err }, 'a failed export was not noted'))
  }

  async function enqueue(id: string): Promise<void> {
    const backoff = { type: 'exponential', delay: 1_000 }
    await queue.add(
      JOBS.auditExport,
      { id },
      { jobId: id, attempts: ATTEMPTS, backoff, removeOnComplete: true, removeOnFail: true }
    )
  }

  async function resume(): Promise<void> {
    if (!connection.isReady()) return
    const waiting = await deps.database
      .selectFrom('audit_exports')
      .select('id')
      .where('state', '=', 'waiting')
      .execute()
    for (const { id } of waiting) {
      await removeStranded(queue, id)
      await enqueue(id)
    }
  }
  const resuming = repeatEvery(RESUME_EVERY_MS, resume, (err) =>
    logger.warn({ err }, 'exports that wait could not be taken up again')
  )

  return {
    async add(id) {
      const { promise: tooLate, reject } = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => reject(new Fault('unavailable', { message: 'Redis takes no export' })),
        ADD_WITHIN_MS
      )
      await Promise.race([enqueue(id), tooLate]).finally(() => clearTimeout(timer))
    },
    async close() {
      await resuming.stop()
      await worker.close(!connection.isReady())
      await queue.close()
    }
  }
}
