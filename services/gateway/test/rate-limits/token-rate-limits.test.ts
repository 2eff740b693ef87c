import { randomUUID } from 'node:crypto'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { createTokenRateLimits, type LimitedToken } from '../../src/rate-limits/token-rate-limits.ts'
import { openGateway, openOwnRedis, scriptsRun } from './own-redis.ts'

const token = (requests: number, perSeconds = 600): LimitedToken => ({
  tokenId: randomUUID(),
  rateLimit: { requests, per_seconds: perSeconds }
})

test('limits of tokens', async (t) => {
  const redis = await openOwnRedis(t)
  const { store, clock } = await openGateway(t, redis.url)
  const limits = createTokenRateLimits(store)
  const allowed = async (one: LimitedToken, cost = 1): Promise<boolean | undefined> =>
    (await limits.consume(one, cost))?.isAllowed

  t.test('a token without a limit, and a session, cost nothing', async (t) => {
    const before = await scriptsRun(redis.url)
    t.equal(limits.consume({ tokenId: randomUUID(), rateLimit: null }, 1), null)
    t.equal(limits.consume({ tokenId: null, rateLimit: { requests: 1, per_seconds: 1 } }, 1), null)
    t.equal(await scriptsRun(redis.url), before)
  })

  t.test('each request is one question, and none once the quota is used up', async (t) => {
    const one = token(3)
    const before = await scriptsRun(redis.url)
    const remaining: (number | undefined)[] = []
    for (let i = 0; i < 3; i++) remaining.push((await limits.consume(one, 1))?.remaining)
    t.strictSame(remaining, [2, 1, 0])
    t.equal(await scriptsRun(redis.url), before + 3)
    for (let i = 0; i < 5; i++) t.equal(await allowed(one), false)
    t.equal(await scriptsRun(redis.url), before + 3)
  })

  t.test('a refusal carries the policy and the end of the window', async (t) => {
    const one = token(1)
    await limits.consume(one, 1)
    const quota = await limits.consume(one, 1)
    t.match(quota, { isAllowed: false, remaining: 0, policy: { name: 'token', requests: 1, perSeconds: 600 } })
    t.ok(quota !== null && quota.resetMs > 500_000 && quota.resetMs <= 600_000)
  })

  t.test('memory spares questions, Redis decides: a later clock alone opens nothing', async (t) => {
    const one = token(1)
    await limits.consume(one, 1)
    const before = await scriptsRun(redis.url)
    clock.advance(600_000)
    t.equal(await allowed(one), false)
    t.equal(await scriptsRun(redis.url), before + 1)
  })

  t.test('when the window has ended, everything is there again', async (t) => {
    const one = token(1, 1)
    t.equal(await allowed(one), true)
    await until(async () => {
      clock.advance(10)
      return await allowed(one)
    })
  })

  t.test('a batch costs what it has entries, and one that is too large is refused whole', async (t) => {
    t.match(await limits.consume(token(10), 4), { isAllowed: true, remaining: 6 })
    t.match(await limits.consume(token(10), 11), { isAllowed: false, remaining: 0 })
  })

  t.test('tokens do not share a quota, and a changed limit begins a new one', async (t) => {
    const one = token(1)
    t.equal(await allowed(one), true)
    t.equal(await allowed(token(1)), true)
    t.equal(await allowed({ ...one, rateLimit: { requests: 2, per_seconds: 600 } }), true)
  })

  t.test('gateways count together', async (t) => {
    const other = createTokenRateLimits((await openGateway(t, redis.url)).store)
    const one = token(4)
    const asked = await Promise.all([1, 2, 3].flatMap(() => [limits.consume(one, 1), other.consume(one, 1)]))
    t.equal(asked.filter((quota) => quota?.isAllowed).length, 4)
  })
})
