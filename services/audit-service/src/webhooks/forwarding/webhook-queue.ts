import { JOBS, QUEUES } from '@patgate/contracts'
import type { Logger } from '@patgate/service-kit'
import { type Job, Queue, Worker } from 'bullmq'
import type { QueueConnection } from '../../queue-connection.ts'
import { repeatEvery } from '../../repeat-every.ts'
import { removeStranded } from '../../stranded-job.ts'
import { backoffOf, RunAgain, withJitter } from './backoff.ts'
import { dueWebhooks, waitingDeliveries } from './due-webhooks.ts'
import { findForwarded } from './find-forwarded.ts'
import { forwardBatches } from './forward-batches.ts'
import { type ForwardDeps, forwardEach } from './forward-each.ts'
import { type RetryDeps, retryDelivery } from './retry-delivery.ts'

export interface WebhookQueueOptions extends Omit<RetryDeps, 'signal'> {
  readonly connection: QueueConnection
  readonly logger: Logger
}

/** What is on its way to webhooks, shared by all replicas: each stream, and each repetition, runs on one of them. */
export interface WebhookQueue {
  /** Sends an event again after the pause that follows so many attempts; at once after none. */
  sendAgain(webhookId: string, leafIndex: number, attempts: number): Promise<void>
  /** Forgets a pause, because the webhook was changed: it is tried anew within a second. */
  startAnew(webhookId: string): Promise<void>
  close(): Promise<void>
}

const LOOK_EVERY_MS = 500
/** How often it is made sure that Redis has everything that waits. */
const RESUME_EVERY_LOOKS = 60
const SIDE_BY_SIDE = 8
// BullMQ counts attempts; here the database does, and it decides when there is an end.
const WITHOUT_END = { attempts: 1_000_000, backoff: { type: 'custom' }, removeOnComplete: true, removeOnFail: true }

export function openWebhookQueue({ connection, logger, ...given }: WebhookQueueOptions): WebhookQueue {
  const ending = new AbortController()
  const queue = new Queue(QUEUES.auditWebhooks, connection.options)
  const deps: RetryDeps & ForwardDeps = { ...given, signal: ending.signal, sendAgain }
  const worker = new Worker(QUEUES.auditWebhooks, perform, {
    ...connection.options,
    concurrency: SIDE_BY_SIDE,
    settings: { backoffStrategy: (_attempts, _type, error) => backoffOf(error) }
  })
  const tell = (err: Error): void => logger.debug({ err }, 'the queue of webhooks cannot reach Redis')
  queue.on('error', tell)
  worker.on('error', tell)
  worker.on('failed', (job, err) => {
    if (err instanceof RunAgain || ending.signal.aborted) return
    logger.error({ err, webhook: job?.data.webhookId }, 'sending to a webhook failed unexpectedly and is tried again')
  })

  async function perform(job: Job<{ webhookId: string; leafIndex?: number }>): Promise<void> {
    const { webhookId, leafIndex } = job.data
    if (leafIndex !== undefined) return retryDelivery(deps, webhookId, leafIndex)
    for (let isMore = true; isMore && !ending.signal.aborted; ) {
      const webhook = await findForwarded(deps.database, webhookId)
      if (webhook === null) return
      isMore = webhook.kind === 'webhook' ? await forwardEach(deps, webhook) : await forwardBatches(deps, webhook)
    }
  }

  async function sendAgain(webhookId: string, leafIndex: number, attempts: number): Promise<void> {
    const delay = attempts === 0 ? 0 : withJitter(deps.retryDelaysMs[attempts - 1] ?? 0)
    const jobId = retryJob(webhookId, leafIndex)
    await queue.add(JOBS.webhookRetry, { webhookId, leafIndex }, { ...WITHOUT_END, jobId, delay })
  }

  async function resume(due: readonly string[]): Promise<void> {
    for (const webhookId of due) await removeStranded(queue, forwardJob(webhookId))
    for (const { webhook_id, leaf_index, attempts } of await waitingDeliveries(deps.database)) {
      await removeStranded(queue, retryJob(webhook_id, leaf_index))
      await sendAgain(webhook_id, leaf_index, attempts)
    }
  }

  let looksToResume = 0
  async function look(): Promise<void> {
    if (!connection.isReady()) return
    const due = await dueWebhooks(deps.database)
    looksToResume -= 1
    if (looksToResume < 0) {
      // Before, not behind: what is changed meanwhile wants another look.
      looksToResume = RESUME_EVERY_LOOKS
      await resume(due).catch((error: unknown) => {
        looksToResume = 0
        throw error
      })
    }
    for (const webhookId of due) {
      await queue.add(JOBS.webhookForward, { webhookId }, { ...WITHOUT_END, jobId: forwardJob(webhookId) })
    }
  }
  const looking = repeatEvery(LOOK_EVERY_MS, look, (err) => logger.debug({ err }, 'webhooks are looked at again'))

  return {
    sendAgain,
    async startAnew(webhookId) {
      looksToResume = 0
      if (connection.isReady()) await queue.remove(forwardJob(webhookId))
    },
    async close() {
      ending.abort()
      await looking.stop()
      await worker.close(!connection.isReady())
      await queue.close()
    }
  }
}

function forwardJob(webhookId: string): string {
  return `forward.${webhookId}`
}

function retryJob(webhookId: string, leafIndex: number): string {
  return `retry.${webhookId}.${leafIndex}`
}
