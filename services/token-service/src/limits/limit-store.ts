import { Fault, type Logger } from '@patgate/service-kit'
import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'

/** Where attempts are counted, for all replicas together; without Redis each process counts for itself. */
export interface LimitStore {
  limit(options: LimitOptions): Limit
  /** Whether the replicas count together at the moment. */
  isConnected(): boolean
  close(): void
}

export interface LimitOptions {
  readonly name: string
  readonly attempts: number
  readonly windowMs: number
  /** What somebody is told who has made too many. */
  readonly detail: string
}

export interface Limit {
  /** Counts an attempt; 429 with `Retry-After` when there were too many. */
  consume(key: string): Promise<void>
  /** One attempt no longer counts. */
  giveBack(key: string): Promise<unknown>
  /** None of them count. */
  forget(key: string): Promise<unknown>
}

export interface LimitStoreOptions {
  readonly redisUrl: string
  readonly redisPrefix: string
  readonly logger: Logger
}

/** The longest a call waits for Redis before it is counted in this process instead. */
const ANSWER_WITHIN_MS = 500

/** Connects in the background; a command is never queued, so that an outage costs no time. */
export function openLimitStore({ redisUrl, redisPrefix, logger }: LimitStoreOptions): LimitStore {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_WITHIN_MS,
    retryStrategy: () => 500
  })
  redis.on('error', (error) => logger.debug({ err: error }, 'limits cannot reach Redis'))
  return {
    limit({ name, attempts, windowMs, detail }) {
      const counted = { keyPrefix: `${redisPrefix}:${name}`, points: attempts, duration: Math.ceil(windowMs / 1000) }
      const limiter = new RateLimiterRedis({
        ...counted,
        storeClient: redis,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new RateLimiterMemory(counted)
      })
      return {
        async consume(key) {
          await limiter.consume(key).catch((refusal: unknown) => refuse(refusal, detail))
        },
        giveBack: (key) => limiter.reward(key, 1),
        forget: (key) => limiter.delete(key)
      }
    },
    isConnected: () => redis.status === 'ready',
    close: () => redis.disconnect()
  }
}

function refuse(refusal: unknown, detail: string): never {
  if (!(refusal instanceof RateLimiterRes)) throw refusal
  const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
  throw new Fault('rate_limited', { detail, headers: { 'retry-after': String(seconds) } })
}
