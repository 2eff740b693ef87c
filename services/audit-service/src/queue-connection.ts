import type { Logger } from '@patgate/service-kit'
import { Redis } from 'ioredis'
import type { Config } from './config.ts'

/** The connection to Redis that all queues of this service share. */
export interface QueueConnection {
  /** For BullMQ. */
  readonly options: { readonly connection: Redis; readonly prefix: string }
  readonly isReady: () => boolean
  readonly close: () => void
}

const RETRY_MS = 500

/** Redis may come later: whatever waits in a queue lies in the database too. */
export function openQueueConnection(
  { redisUrl, redisPrefix }: Pick<Config, 'redisUrl' | 'redisPrefix'>,
  logger: Logger
): QueueConnection {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => RETRY_MS })
  redis.on('error', (err) => logger.debug({ err }, 'the queues cannot reach Redis'))
  return {
    options: { connection: redis, prefix: redisPrefix },
    isReady: () => redis.status === 'ready',
    close: () => redis.disconnect()
  }
}
