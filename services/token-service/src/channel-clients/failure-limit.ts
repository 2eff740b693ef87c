import { RateLimiterMemory } from 'rate-limiter-flexible'
import { networkOf } from '../limits/network-of.ts'

/**
 * Slows down whoever tries tokens, by address. Each replica counts for itself: what it saves is the look into the database,
 * and 190 random bits are not guessed at any rate.
 */
export interface FailureLimit {
  isExceeded(address: string): Promise<boolean>
  count(address: string): Promise<void>
}

const MINUTE_SECONDS = 60

export function createFailureLimit(failuresPerMinute: number): FailureLimit {
  const limiter = new RateLimiterMemory({ points: failuresPerMinute, duration: MINUTE_SECONDS })
  return {
    async isExceeded(address) {
      const counted = await limiter.get(networkOf(address))
      return counted !== null && counted.consumedPoints > failuresPerMinute
    },
    async count(address) {
      await limiter.penalty(networkOf(address), 1)
    }
  }
}
