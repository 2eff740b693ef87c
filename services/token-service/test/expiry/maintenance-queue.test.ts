import { startRedis } from '@patgate/local'
import { createLogger } from '@patgate/service-kit'
import { captureLogs, openServers, until } from '@patgate/test-kit'
import { Redis } from 'ioredis'
import { test } from 'tap'
import { type MaintenanceQueue, openMaintenanceQueue } from '../../src/expiry/maintenance-queue.ts'

test('the maintenance queue', async (t) => {
  const { redisUrl, redisPrefix } = await openServers(t)
  const logger = createLogger('token-service', 'debug', captureLogs().stream)
  const redis = new Redis(redisUrl)
  t.teardown(() => redis.disconnect())

  await t.test('sweeps again and again, also after Redis forgot everything', async (t) => {
    let sweeps = 0
    const sweep = async () => {
      sweeps += 1
    }
    const options = { redisUrl, redisPrefix, logger, sweep, sweepEveryMs: 50, rebuildEveryMs: 50 }
    const queue = await openMaintenanceQueue(options)
    t.teardown(() => queue.close())
    await until(() => sweeps >= 2)
    const keys = await redis.keys(`${redisPrefix}*`)
    t.ok(keys.length > 0)
    await redis.unlink(...keys)
    const before = sweeps
    await until(() => sweeps >= before + 2, { message: 'the schedule is made again' })
    t.pass('it goes on')
  })

  await t.test('starts while Redis is down', async (t) => {
    const sweep = async () => undefined
    const queue: MaintenanceQueue = await openMaintenanceQueue({
      redisUrl: 'redis://127.0.0.1:1',
      redisPrefix,
      logger,
      sweep
    })
    t.notOk(queue.isConnected())
    await queue.close()
  })

  await t.test('closes in the middle of an outage', async (t) => {
    const server = await startRedis({ directory: t.testdir() })
    t.teardown(() => server.stop())
    let sweeps = 0
    const sweep = async () => {
      sweeps += 1
    }
    const queue = await openMaintenanceQueue({ redisUrl: server.url, redisPrefix, logger, sweep, sweepEveryMs: 50 })
    await until(() => sweeps >= 1)
    await server.stop()
    await until(() => !queue.isConnected())
    await queue.close()
    t.pass('closed')
  })

  await t.test('refuses a Redis that may evict jobs', async (t) => {
    const server = await startRedis({ directory: t.testdir() })
    t.teardown(() => server.stop())
    const evicting = new Redis(server.url)
    await evicting.config('SET', 'maxmemory-policy', 'allkeys-lru')
    evicting.disconnect()
    const sweep = async () => undefined
    await t.rejects(openMaintenanceQueue({ redisUrl: server.url, redisPrefix, logger, sweep }), /noeviction/)
  })
})
