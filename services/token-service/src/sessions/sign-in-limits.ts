import { createHash } from 'node:crypto'
import type { LimitStore } from '../limits/limit-store.ts'
import { networkOf } from '../limits/network-of.ts'

export interface SignInLimitsOptions {
  readonly failuresPerEmail: number
  readonly failuresPerAddress: number
  readonly windowMs: number
}

/** Who tries a password: where from, and for whom, whether or not there is such a person. */
export interface Attempt {
  readonly address: string
  readonly email: string
}

/** Bounds the guessing of passwords. */
export interface SignInLimits {
  /**
   * Counts an attempt before the password is looked at, so that many at once get no further than many in turn.
   * 429 with `Retry-After` when too many have failed.
   */
  begin(attempt: Attempt): Promise<void>
  /** The password was right: the attempt no longer counts, nor do earlier failures for this email. */
  succeed(attempt: Attempt): Promise<void>
}

export function createSignInLimits(store: LimitStore, options: SignInLimitsOptions): SignInLimits {
  const { failuresPerEmail, failuresPerAddress, windowMs } = options
  const common = { windowMs, detail: 'Too many failed attempts to sign in' }
  const byEmail = store.limit({ name: 'sign-in:email', attempts: failuresPerEmail, ...common })
  const byAddress = store.limit({ name: 'sign-in:address', attempts: failuresPerAddress, ...common })
  return {
    async begin({ address, email }) {
      await Promise.all([byAddress.consume(networkOf(address)), byEmail.consume(emailKey(email))])
    },
    async succeed({ address, email }) {
      await Promise.all([byAddress.giveBack(networkOf(address)), byEmail.forget(emailKey(email))])
    }
  }
}

/** What was typed as an email may be a password: Redis gets its digest. */
function emailKey(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('base64url')
}
