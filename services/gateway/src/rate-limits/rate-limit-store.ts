import type { Clock, Logger } from '@patgate/service-kit'
import { Redis } from 'ioredis'

/** Where requests are counted, for all gateways together. */
export interface RateLimitStore {
  readonly redis: Redis
  /** Every key begins with it. */
  readonly keyPrefix: string
  readonly clock: Clock
  close(): void
}

export interface RateLimitStoreOptions {
  readonly url: string
  readonly keyPrefix?: string
  readonly clock: Clock
  readonly logger: Logger
}

/** The longest a request waits for Redis before it is counted in this process instead. */
const ANSWER_WITHIN_MS = 50
/** A connection that was silent for so long is given up; until the next one is ready, nobody waits at all. */
const SILENT_FOR_MS = 200
const LONGEST_RETRY_MS = 2_000

/**
 * Connects in the background, and goes on trying for ever: a gateway starts and decides without Redis. A command is
 * never queued, and never sent twice, which would count a request twice.
 */
export function openRateLimitStore(options: RateLimitStoreOptions): RateLimitStore {
  const { url, clock, logger, keyPrefix = 'patgate:rate-limits' } = options
  const redis = new Redis(url, {
    // Without a connection a command fails at once, so that an outage costs no time.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_WITHIN_MS,
    socketTimeout: SILENT_FOR_MS,
    connectTimeout: LONGEST_RETRY_MS,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RETRY_MS)
  })
  let isReported = false
  redis.on('error', (error: Error) => {
    if (!isReported) logger.warn({ err: error }, 'Redis does not answer: rate limits are counted per process')
    isReported = true
  })
  redis.on('ready', () => {
    if (isReported) logger.info('Redis answers again: rate limits are counted for all gateways together')
    isReported = false
  })
  return { redis, keyPrefix, clock, close: () => redis.disconnect() }
}
