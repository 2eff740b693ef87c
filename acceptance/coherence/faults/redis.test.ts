import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { test } from 'tap'
import { effort } from '../../support/effort.ts'
import { assertPromise } from '../report.ts'
import { type Fault, revokeUnderLoad } from '../revoke-under-load.ts'
import { sharedCluster } from '../shared-cluster.ts'

const COUNT = effort(15, 300)
const FLUSH_EVERY_MS = 1_000
const POISON_EVERY_MS = 20
const ANSWERS = '*:answer:*'

test('revocation while Redis cannot be trusted', async (t) => {
  const cluster = await sharedCluster()
  const redis = new Redis(cluster.patgate.run.redis_url)
  t.teardown(() => redis.disconnect())

  await t.test('it is emptied every second', async (t) => {
    const fault: Fault = async (over) => {
      while (!over.aborted) {
        await redis.flushall()
        await pause(FLUSH_EVERY_MS, undefined, { signal: over }).catch(() => undefined)
      }
    }
    assertPromise(t, await revokeUnderLoad(cluster, { count: COUNT, fault }))
  })

  await t.test('it answers with the oldest entries it ever had', async (t) => {
    const poison = createPoison(redis)
    assertPromise(t, await revokeUnderLoad(cluster, { count: COUNT, fault: poison.fault }))
    t.ok(poison.replaced() > 0, `${poison.replaced()} newer entries were replaced by older ones`)
  })
})

/** Remembers the first entry under each key, and puts it back whenever another has taken its place. */
function createPoison(redis: Redis): { fault: Fault; replaced(): number } {
  const oldest = new Map<string, string>()
  let replaced = 0

  async function spoil(key: string): Promise<void> {
    const entry = await redis.get(key)
    const old = oldest.get(key)
    if (old === undefined && entry !== null) oldest.set(key, entry)
    if (old === undefined || entry === old) return
    await redis.set(key, old)
    replaced++
  }

  const fault: Fault = async (over) => {
    while (!over.aborted) {
      const keys = new Set([...oldest.keys(), ...(await redis.keys(ANSWERS))])
      await Promise.all([...keys].map(spoil))
      await pause(POISON_EVERY_MS, undefined, { signal: over }).catch(() => undefined)
    }
  }
  return { fault, replaced: () => replaced }
}
