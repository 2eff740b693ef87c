import { randomUUID } from 'node:crypto'
import { freePort } from '@patgate/local'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { createAddressRateLimits } from '../../src/rate-limits/address-rate-limits.ts'
import { createTokenRateLimits, type LimitedToken } from '../../src/rate-limits/token-rate-limits.ts'
import { faultOf } from '../support/fault-of.ts'
import { openGateway, openOwnRedis, startGateway } from './own-redis.ts'

const token = (requests: number): LimitedToken => ({
  tokenId: randomUUID(),
  rateLimit: { requests, per_seconds: 600 }
})

test('without Redis the limit is per process, and nobody sees an error', async (t) => {
  const redis = await openOwnRedis(t)
  const gateways = await Promise.all([openGateway(t, redis.url), openGateway(t, redis.url)])
  const limits = gateways.map(({ store }) => createTokenRateLimits(store))
  const one = token(2)
  await redis.stop()
  for (const limit of limits) {
    const asked = await Promise.all([1, 2, 3].map(() => limit.consume(one, 1)))
    t.strictSame(
      asked.map((quota) => quota?.isAllowed),
      [true, true, false]
    )
    t.match(await limit.consume(one, 1), { isAllowed: false, remaining: 0 })
  }
  const addresses = createAddressRateLimits(gateways[0].store, {
    failed_authentication: { requests: 120, perSeconds: 60 },
    unknown_token: { requests: 30, perSeconds: 60 }
  })
  for (let i = 0; i < 30; i++) await addresses.count('192.0.2.1', 'unknown_token')
  t.equal(faultOf(() => addresses.check('192.0.2.1'))?.kind, 'rate_limited')
})

test('a gateway that starts without Redis counts by itself', async (t) => {
  const { store } = startGateway(t, `redis://127.0.0.1:${await freePort()}`)
  const limits = createTokenRateLimits(store)
  const one = token(2)
  t.match(await limits.consume(one, 1), { isAllowed: true, remaining: 1 }, 'before the connection was even tried')
  await until(() => store.redis.status === 'reconnecting')
  t.match(await limits.consume(one, 1), { isAllowed: true, remaining: 0 })
  t.match(await limits.consume(one, 1), { isAllowed: false, remaining: 0 })
})

test('a Redis that hangs costs one short wait, then nothing, and is asked again when it answers', async (t) => {
  const redis = await openOwnRedis(t)
  const { store } = await openGateway(t, redis.url)
  const limits = createTokenRateLimits(store)
  const one = token(1_000)
  await limits.consume(one, 1)
  process.kill(redis.pid, 'SIGSTOP')
  t.teardown(() => process.kill(redis.pid, 'SIGCONT'))

  const first = await limits.consume(one, 1)
  t.match(first, { isAllowed: true, remaining: 999 }, 'counted by this process, from the beginning')
  t.equal(store.redis.status, 'ready', 'the request did not wait until the connection was given up')
  await until(() => store.redis.status !== 'ready', { message: 'the silent connection is given up' })
  const startMs = performance.now()
  for (let i = 0; i < 100; i++) await limits.consume(one, 1)
  t.ok(performance.now() - startMs < 2_000, 'a hundred requests, one after another, did not wait 50 ms each')

  process.kill(redis.pid, 'SIGCONT')
  await until(() => store.redis.status === 'ready', { message: 'Redis is asked again' })
  const after = await limits.consume(one, 1)
  t.ok(after?.isAllowed && after.remaining > 990, 'the count is that of Redis again')
})

test('a Redis that was killed and came back counts again', async (t) => {
  const redis = await openOwnRedis(t)
  const { store } = await openGateway(t, redis.url)
  const limits = createTokenRateLimits(store)
  const one = token(10)
  process.kill(redis.pid, 'SIGKILL')
  await until(() => store.redis.status !== 'ready')
  t.equal((await limits.consume(one, 1))?.isAllowed, true)
  await until(() => store.redis.status === 'ready', { timeoutMs: 30_000 })
  t.match(await limits.consume(one, 3), { isAllowed: true, remaining: 7 }, 'from the beginning, in Redis')
})

test('a key of another kind in Redis is no error for the caller', async (t) => {
  const redis = await openOwnRedis(t)
  const { store } = await openGateway(t, redis.url)
  const one = token(5)
  await store.redis.lpush(`patgate:rate-limits:token:5:600:${one.tokenId}`, 'x')
  t.match(await createTokenRateLimits(store).consume(one, 1), { isAllowed: true, remaining: 4 })
})
