import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RedisServer, startRedis } from '@patgate/local'
import { createLogger } from '@patgate/service-kit'
import { type ManualClock, manualClock, type Teardown, until } from '@patgate/test-kit'
import { Redis } from 'ioredis'
import { openRateLimitStore, type RateLimitStore } from '../../src/rate-limits/rate-limit-store.ts'

/** A Redis that belongs to one test, which may stop it. */
export async function openOwnRedis(t: Teardown): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'patgate-redis-'))
  const redis = await startRedis({ directory })
  t.teardown(async () => {
    await redis.stop()
    await rm(directory, { recursive: true, force: true })
  })
  return redis
}

export interface Gateway {
  readonly store: RateLimitStore
  readonly clock: ManualClock
}

/** What one gateway process has; two of them share nothing but Redis. */
export interface Gateway {
  readonly store: RateLimitStore
  readonly clock: ManualClock
}

/** A gateway that has just been started; whether Redis answers is another matter. */
export function startGateway(t: Teardown, url: string): Gateway {
  const clock = manualClock(Date.parse('2026-01-01T00:00:00Z'))
  const store = openRateLimitStore({ url, clock, logger: createLogger('gateway', 'silent') })
  t.teardown(() => store.close())
  return { store, clock }
}

/** A gateway that is connected to its Redis. */
export async function openGateway(t: Teardown, url: string): Promise<Gateway> {
  const gateway = startGateway(t, url)
  await until(() => gateway.store.redis.status === 'ready', { message: 'Redis is ready' })
  return gateway
}

/** How many scripts Redis was asked to run: the counting is one script. */
export async function scriptsRun(url: string): Promise<number> {
  const redis = new Redis(url)
  const stats = await redis.info('commandstats')
  redis.disconnect()
  return [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+),.*?failed_calls=(\d+)/gm)].reduce(
    (sum, [, calls, failed]) => sum + Number(calls) - Number(failed),
    0
  )
}
