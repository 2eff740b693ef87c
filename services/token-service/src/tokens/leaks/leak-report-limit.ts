import { isIP } from 'node:net'
import { Fault, type Logger } from '@patgate/service-kit'
import { Redis } from 'ioredis'
import ipaddr from 'ipaddr.js'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'

/** Bounds what one address may report, across all replicas; without Redis each process counts for itself. */
export interface LeakReportLimit {
  /** Counts a report; 429 with `Retry-After` when an address has sent too many. */
  consume(address: string): Promise<void>
  close(): void
}

export interface LeakReportLimitOptions {
  readonly redisUrl: string
  readonly redisPrefix: string
  readonly logger: Logger
}

// A scanner puts a thousand tokens into one report, so that nobody honest needs many.
const REPORTS = 20
const PER_SECONDS = 60

export function openLeakReportLimit({ redisUrl, redisPrefix, logger }: LeakReportLimitOptions): LeakReportLimit {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 500,
    retryStrategy: () => 500
  })
  redis.on('error', (error) => logger.debug({ err: error }, 'the limit of leak reports cannot reach Redis'))
  const limit = { keyPrefix: `${redisPrefix}:leak-reports`, points: REPORTS, duration: PER_SECONDS }
  const limiter = new RateLimiterRedis({
    ...limit,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(limit)
  })
  return {
    async consume(address) {
      try {
        await limiter.consume(networkOf(address))
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
        throw new Fault('rate_limited', {
          detail: 'Too many reports: put up to 1000 tokens into one',
          headers: { 'retry-after': String(seconds) }
        })
      }
    },
    close: () => redis.disconnect()
  }
}

/** Whoever has one address of an IPv6 network has 2^64 of them. */
function networkOf(address: string): string {
  if (isIP(address) === 0) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()
}
