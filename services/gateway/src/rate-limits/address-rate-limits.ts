import { addressKey } from './address-key.ts'
import { createExhaustedKeys } from './exhausted-keys.ts'
import { type QuotaPolicy, tooManyRequests } from './quota.ts'
import { createQuotaCounter } from './quota-counter.ts'
import type { RateLimitStore } from './rate-limit-store.ts'

/** What an address may do only so often: fail to authenticate, and present well-formed tokens that do not exist. */
export type Offence = 'failed_authentication' | 'unknown_token'

export type AddressQuotas = Readonly<Record<Offence, { readonly requests: number; readonly perSeconds: number }>>

/** Slows down whoever guesses, by address; IPv6 by /64, which is what one customer has at least. */
export interface AddressRateLimits {
  /**
   * Throws 429 for an address that has used up a quota. Asks memory alone, so it may stand before every look-up that
   * would go beyond this process; a credential that is in memory need not pass it.
   */
  check(address: string): void
  /** Counts an offence; at most one question to Redis. Never fails, so nobody has to wait for it. */
  count(address: string, offence: Offence): Promise<void>
}

export function createAddressRateLimits(store: RateLimitStore, quotas: AddressQuotas): AddressRateLimits {
  const exhaustedKeys = createExhaustedKeys(store.clock)
  const counterOf = (name: string, quota: Omit<QuotaPolicy, 'name'>) =>
    createQuotaCounter({ name, ...quota }, store, exhaustedKeys)
  const counters = {
    failed_authentication: counterOf('failed-authentication', quotas.failed_authentication),
    unknown_token: counterOf('unknown-token', quotas.unknown_token)
  } as const

  return {
    check(address) {
      const key = addressKey(address)
      const quota = counters.failed_authentication.exhausted(key) ?? counters.unknown_token.exhausted(key)
      if (quota !== null) throw tooManyRequests(quota)
    },
    async count(address, offence) {
      await counters[offence].consume(addressKey(address), 1)
    }
  }
}
