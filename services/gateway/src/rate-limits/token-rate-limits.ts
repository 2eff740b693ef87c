import type { RateLimit } from '@patgate/contracts'
import { LRUCache } from 'lru-cache'
import { createExhaustedKeys } from './exhausted-keys.ts'
import type { Quota } from './quota.ts'
import { createQuotaCounter, type QuotaCounter } from './quota-counter.ts'
import type { RateLimitStore } from './rate-limit-store.ts'

/** The part of a token's snapshot that says how often it may be used. */
export interface LimitedToken {
  readonly tokenId: string | null
  readonly rateLimit: RateLimit | null
}

/** Holds tokens to their own `rate_limit` (gateway.md, section 6). */
export interface TokenRateLimits {
  /**
   * Counts a request that costs so much; null for a token without a limit, of which nobody is asked. At most one
   * question to Redis, and none once the quota is used up. Never fails, and waits for an outage 50 ms at most.
   */
  consume(token: LimitedToken, cost: number): Promise<Quota> | null
}

/** Tokens mostly share a few limits; each that differs has a counter of its own. */
const MOST_DIFFERENT_LIMITS = 500

export function createTokenRateLimits(store: RateLimitStore): TokenRateLimits {
  const exhaustedKeys = createExhaustedKeys(store.clock)
  const counters = new LRUCache<string, QuotaCounter>({ max: MOST_DIFFERENT_LIMITS })

  function counterOf({ requests, per_seconds: perSeconds }: RateLimit): QuotaCounter {
    const key = `${requests}/${perSeconds}`
    const known = counters.get(key)
    if (known !== undefined) return known
    const counter = createQuotaCounter({ name: 'token', requests, perSeconds }, store, exhaustedKeys)
    counters.set(key, counter)
    return counter
  }

  return {
    consume({ tokenId, rateLimit }, cost) {
      if (rateLimit === null || tokenId === null) return null
      return counterOf(rateLimit).consume(tokenId, cost)
    }
  }
}
