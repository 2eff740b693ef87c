import { test } from 'tap'
import { createAddressRateLimits } from '../../src/rate-limits/address-rate-limits.ts'
import { faultOf } from '../support/fault-of.ts'
import { openGateway, openOwnRedis, scriptsRun } from './own-redis.ts'

const QUOTAS = {
  failed_authentication: { requests: 3, perSeconds: 600 },
  unknown_token: { requests: 2, perSeconds: 300 }
}

test('limits of addresses', async (t) => {
  const redis = await openOwnRedis(t)
  const { store, clock } = await openGateway(t, redis.url)
  const limits = createAddressRateLimits(store, QUOTAS)

  t.test('offences are counted apart, and either quota closes the door', async (t) => {
    await limits.count('192.0.2.1', 'unknown_token')
    await limits.count('192.0.2.1', 'failed_authentication')
    t.doesNotThrow(() => limits.check('192.0.2.1'))
    await limits.count('192.0.2.1', 'unknown_token')
    t.match(
      faultOf(() => limits.check('192.0.2.1')),
      {
        kind: 'rate_limited',
        options: { headers: { 'ratelimit-policy': '"unknown-token";q=2;w=300', 'retry-after': '300' } }
      }
    )
    t.doesNotThrow(() => limits.check('192.0.2.2'), 'the neighbour is not concerned')
  })

  t.test('looking asks nobody, nor does counting what is already refused', async (t) => {
    for (let i = 0; i < 3; i++) await limits.count('192.0.2.3', 'failed_authentication')
    const before = await scriptsRun(redis.url)
    for (let i = 0; i < 5; i++) {
      t.throws(() => limits.check('192.0.2.3'))
      await limits.count('192.0.2.3', 'failed_authentication')
    }
    t.doesNotThrow(() => limits.check('192.0.2.4'))
    t.equal(await scriptsRun(redis.url), before)
  })

  t.test('a /64 of IPv6 is one address', async (t) => {
    await limits.count('2001:db8::1', 'unknown_token')
    await limits.count('2001:db8::2:3', 'unknown_token')
    t.throws(() => limits.check('2001:db8::4'))
    t.doesNotThrow(() => limits.check('2001:db8:0:1::4'))
  })

  t.test('another gateway learns of it with the next offence', async (t) => {
    const other = createAddressRateLimits((await openGateway(t, redis.url)).store, QUOTAS)
    for (let i = 0; i < 2; i++) await limits.count('192.0.2.5', 'unknown_token')
    t.doesNotThrow(() => other.check('192.0.2.5'))
    await other.count('192.0.2.5', 'unknown_token')
    t.throws(() => other.check('192.0.2.5'))
  })

  t.test('the door opens when the window has ended', async (t) => {
    for (let i = 0; i < 2; i++) await limits.count('192.0.2.6', 'unknown_token')
    t.throws(() => limits.check('192.0.2.6'))
    clock.advance(300_000)
    t.doesNotThrow(() => limits.check('192.0.2.6'))
  })
})
