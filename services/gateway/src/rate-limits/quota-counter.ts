import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { ExhaustedKeys } from './exhausted-keys.ts'
import type { Quota, QuotaPolicy } from './quota.ts'
import type { RateLimitStore } from './rate-limit-store.ts'

/** Counts the requests of many keys under one policy. */
export interface QuotaCounter {
  /**
   * Counts `cost` requests: one question to Redis, none once the quota is used up. Never fails: without Redis the
   * count is this process's own. What is refused counts too, so a caller who does not wait gains nothing.
   */
  consume(key: string, cost: number): Promise<Quota>
  /** The quota of a key that this process knows to be used up, else null. Asks nobody. */
  exhausted(key: string): Quota | null
}

/** A window is fixed: it begins with its first request and ends with everything there again. */
export function createQuotaCounter(
  policy: QuotaPolicy,
  { redis, keyPrefix }: RateLimitStore,
  exhaustedKeys: ExhaustedKeys
): QuotaCounter {
  const id = `${policy.name}:${policy.requests}:${policy.perSeconds}`
  const limits = { points: policy.requests, duration: policy.perSeconds }
  const limiter = new RateLimiterRedis({
    ...limits,
    storeClient: redis,
    keyPrefix: `${keyPrefix}:${id}`,
    insuranceLimiter: new RateLimiterMemory({ ...limits, keyPrefix: '' })
  })

  function exhausted(key: string): Quota | null {
    const resetMs = exhaustedKeys.msLeft(`${id}:${key}`, policy.perSeconds * 1000)
    return resetMs === 0 ? null : { policy, isAllowed: false, remaining: 0, resetMs }
  }

  return {
    exhausted,
    async consume(key, cost) {
      const known = exhausted(key)
      if (known !== null) return known
      const { isAllowed, result } = await count(limiter, key, cost)
      const { remainingPoints: remaining, msBeforeNext: resetMs } = result
      if (remaining === 0) exhaustedKeys.add(`${id}:${key}`, resetMs)
      return { policy, isAllowed, remaining, resetMs }
    }
  }
}

/** The library answers a refusal by throwing the count; anything else it throws is an error of its own. */
async function count(
  limiter: RateLimiterRedis,
  key: string,
  cost: number
): Promise<{ isAllowed: boolean; result: RateLimiterRes }> {
  try {
    return { isAllowed: true, result: await limiter.consume(key, cost) }
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { isAllowed: false, result: refusal }
    throw refusal
  }
}
