import { EXPIRING_WITHIN_MS, isExpired, isExpiring, statusOf } from '@patgate/domain'
import t from 'tap'

const EXPIRY = 1_800_000_000_000

t.test('a token is dead at the very instant of its expiry', async (t) => {
  t.equal(isExpired(EXPIRY, EXPIRY - 1), false)
  t.equal(isExpired(EXPIRY, EXPIRY), true)
  t.equal(isExpired(EXPIRY, EXPIRY + 1), true)
  t.equal(isExpired(null, Number.MAX_SAFE_INTEGER), false, 'without an expiry it never is')
})

t.test('revoked comes before expired, expired before active', async (t) => {
  const status = (revokedAtMs: number | null, expiresAtMs: number | null): string =>
    statusOf({ revokedAtMs, expiresAtMs }, EXPIRY)
  t.equal(status(1, null), 'revoked')
  t.equal(status(1, EXPIRY - 1), 'revoked')
  t.equal(status(0, EXPIRY + 1), 'revoked', 'also at the epoch')
  t.equal(status(null, EXPIRY), 'expired')
  t.equal(status(null, EXPIRY + 1), 'active')
  t.equal(status(null, null), 'active')
})

t.test('a token expires soon within 14 days, and no longer once it has expired', async (t) => {
  t.equal(EXPIRING_WITHIN_MS, 1_209_600_000)
  t.equal(isExpiring(EXPIRY, EXPIRY - EXPIRING_WITHIN_MS - 1), false)
  t.equal(isExpiring(EXPIRY, EXPIRY - EXPIRING_WITHIN_MS), true)
  t.equal(isExpiring(EXPIRY, EXPIRY - 1), true)
  t.equal(isExpiring(EXPIRY, EXPIRY), false)
  t.equal(isExpiring(null, EXPIRY), false)
})
