import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Teardown } from '../teardown.ts'

/** Draws a prefix for one test's keys on the shared Redis, and deletes them with the test. */
export function openRedisPrefix(t: Teardown, redisUrl: string): string {
  const prefix = `test-${randomUUID()}`
  t.teardown(async () => {
    const redis = new Redis(redisUrl)
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
      if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]))
    }
    redis.disconnect()
  })
  return prefix
}
