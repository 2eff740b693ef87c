import { JOBS } from '@patgate/contracts'
import { startRedis } from '@patgate/local'
import { createLogger } from '@patgate/service-kit'
import { captureLogs, until } from '@patgate/test-kit'
import { Redis } from 'ioredis'
import { test } from 'tap'
import { type MaintenanceQueue, openMaintenanceQueue } from '../../src/maintenance/maintenance-queue.ts'
import { countingJob, openMetrics } from '../support/jobs.ts'
import { openLedger } from '../support/ledger.ts'

test('the maintenance queue', async (t) => {
  const { servers, deps } = await openLedger(t)
  const { redisUrl, redisPrefix } = servers
  const { database } = deps
  const logger = createLogger('token-service', 'debug', captureLogs().stream)
  const common = { redisUrl, redisPrefix, database, logger, rebuildEveryMs: 50 }

  await t.test('does each kind again and again, and shows it in metrics', async (t) => {
    const { metrics, scrape } = openMetrics()
    const sweep = countingJob(JOBS.expirySweep, 50)
    const failing = {
      ...countingJob(JOBS.retentionPurge, 50),
      run: async () => {
        throw new Error('it cannot be done')
      }
    }
    const queue = await openMaintenanceQueue({ ...common, metrics, jobs: [sweep, failing] })
    t.teardown(() => queue.close())
    await until(() => sweep.runs >= 2)
    await until(async () => /failures_total\{job="retention-purge"\} [2-9]/.test(await scrape()))
    const text = await scrape()
    for (const name of ['last_success_timestamp_seconds', 'duration_seconds_count', 'handled_total']) {
      t.match(text, new RegExp(`patgate_maintenance_${name}{job="expiry-sweep"} [1-9]`))
    }
  })

  await t.test('goes on after FLUSHALL, also in the middle of a run', async (t) => {
    const server = await startRedis({ directory: t.testdir() })
    t.teardown(() => server.stop())
    const redis = new Redis(server.url)
    t.teardown(() => redis.disconnect())
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    let runs = 0
    let together = 0
    const job = {
      name: JOBS.expirySweep,
      everyMs: 50,
      async run() {
        runs++
        together++
        if (runs === 1) await gate
        together--
        return together
      }
    }
    const { metrics } = openMetrics()
    const options = { ...common, redisUrl: server.url, metrics, jobs: [job] }
    const replicas = await Promise.all([openMaintenanceQueue(options), openMaintenanceQueue(options)])
    t.teardown(() => Promise.all(replicas.map((queue) => queue.close())))
    await until(() => runs === 1)
    await redis.flushall()
    await until(async () => (await redis.dbsize()) > 0, { message: 'the schedule is made again' })
    t.equal(runs, 1, 'while one replica is at it no other begins')
    open()
    await until(() => runs >= 3, { message: 'it goes on' })
    await redis.flushall()
    const before = runs
    await until(() => runs >= before + 2, { message: 'it goes on again' })
    t.equal(together, 0, 'never two at a time')
  })

  await t.test('starts while Redis is down', async (t) => {
    const { metrics } = openMetrics()
    const queue: MaintenanceQueue = await openMaintenanceQueue({
      ...common,
      redisUrl: 'redis://127.0.0.1:1',
      metrics,
      jobs: []
    })
    t.notOk(queue.isConnected())
    await queue.close()
  })

  await t.test('closes in the middle of an outage', async (t) => {
    const server = await startRedis({ directory: t.testdir() })
    t.teardown(() => server.stop())
    const job = countingJob(JOBS.expirySweep, 50)
    const { metrics } = openMetrics()
    const queue = await openMaintenanceQueue({ ...common, redisUrl: server.url, metrics, jobs: [job] })
    await until(() => job.runs >= 1)
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
    const { metrics } = openMetrics()
    await t.rejects(openMaintenanceQueue({ ...common, redisUrl: server.url, metrics, jobs: [] }), /noeviction/)
  })
})
