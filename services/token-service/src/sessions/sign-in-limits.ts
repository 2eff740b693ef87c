import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { Fault, type Logger } from '@patgate/service-kit'
import { Redis } from 'ioredis'
import ipaddr from 'ipaddr.js'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'

export interface SignInLimitsOptions {
  readonly redisUrl: string
  readonly redisPrefix: string
  readonly logger: Logger
  readonly failuresPerEmail: number
  readonly failuresPerAddress: number
  readonly windowMs: number
}

/** Who tries a password: where from, and for whom, whether or not there is such a person. */
export interface Attempt {
  readonly address: string
  readonly email: string
}

/** Bounds the guessing of passwords, across all replicas; without Redis each process counts for itself. */
export interface SignInLimits {
  /**
   * Counts an attempt before the password is looked at, so that many at once get no further than many in turn.
   * 429 with `Retry-After` when too many have failed.
   */
  begin(attempt: Attempt): Promise<void>
  /** The password was right: the attempt no longer counts, nor do earlier failures for this email. */
  succeed(attempt: Attempt): Promise<void>
  /** Whether the replicas count together at the moment. */
  isConnected(): boolean
  close(): void
}

export function openSignInLimits(options: SignInLimitsOptions): SignInLimits {
  const redis = new Redis(options.redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 500,
    retryStrategy: () => 500
  })
  redis.on('error', (error) => options.logger.debug({ err: error }, 'sign-in limits cannot reach Redis'))
  const byEmail = limiter(redis, options, 'email', options.failuresPerEmail)
  const byAddress = limiter(redis, options, 'address', options.failuresPerAddress)
  return {
    async begin({ address, email }) {
      await Promise.all([consume(byAddress, addressKey(address)), consume(byEmail, emailKey(email))])
    },
    async succeed({ address, email }) {
      await Promise.all([byAddress.reward(addressKey(address), 1), byEmail.delete(emailKey(email))])
    },
    isConnected: () => redis.status === 'ready',
    close: () => redis.disconnect()
  }
}

function limiter(
  redis: Redis,
  { redisPrefix, windowMs }: SignInLimitsOptions,
  subject: string,
  points: number
): RateLimiterRedis {
  const limit = { keyPrefix: `${redisPrefix}:sign-in:${subject}`, points, duration: Math.ceil(windowMs / 1000) }
  const insuranceLimiter = new RateLimiterMemory(limit)
  return new RateLimiterRedis({ ...limit, storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter })
}

async function consume(limiter: RateLimiterRedis, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
    throw new Fault('rate_limited', {
      detail: 'Too many failed attempts to sign in',
      headers: { 'retry-after': String(seconds) }
    })
  }
}

/** What was typed as an email may be a password: Redis gets its digest. */
function emailKey(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('base64url')
}

/** Whoever has one address of an IPv6 network has 2^64 of them. */
function addressKey(address: string): string {
  if (isIP(address) !== 6) return address
  const parsed = ipaddr.IPv6.parse(address)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()
}
