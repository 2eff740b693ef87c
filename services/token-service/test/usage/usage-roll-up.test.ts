import { jetstream } from '@nats-io/jetstream'
import { SUBJECTS, USAGE_STREAM } from '@patgate/contracts'
import { openBus, publishUsage } from '@patgate/event-bus'
import { createLogger, createMetrics } from '@patgate/service-kit'
import { captureLogs, until } from '@patgate/test-kit'
import { test } from 'tap'
import { closedPostbox } from '../../src/mail/postbox.ts'
import { startUsageRollUp } from '../../src/usage/usage-roll-up.ts'
import { NEW_YEAR, openLedger } from '../support/ledger.ts'
import { addressOf, reporting, useOf } from '../support/usage.ts'

test('usage goes from the stream into the database', async (t) => {
  const { servers, deps, addPerson, addToken } = await openLedger(t)
  const { database } = deps
  const bus = openBus({ url: servers.natsUrl, name: 'test' })
  t.teardown(() => bus.close())
  const logger = createLogger('token-service', 'info', captureLogs().stream)
  const replicas = [createMetrics(), createMetrics()] as const
  const scrape = async () => (await Promise.all(replicas.map(({ registry }) => registry.metrics()))).join('\n')
  const [one, other] = replicas.map(
    (metrics) => () => startUsageRollUp({ ...deps, postbox: closedPostbox, bus, logger, metrics })
  )
  const first = one?.()
  t.teardown(() => first?.stop())
  const token = await addToken(await addPerson('olga'))
  const report = reporting()
  const counted = async () => {
    const rows = await database.selectFrom('token_usage').select('count').execute()
    return rows.reduce((sum, { count }) => sum + count, 0)
  }
  await until(async () => {
    const manager = await jetstream(await bus.connection).jetstreamManager()
    return (await manager.consumers.info(USAGE_STREAM.name, USAGE_STREAM.consumer)).name
  })
  /** By both replicas together. */
  const repeated = async () =>
    [...(await scrape()).matchAll(/patgate_usage_reports_total\{result="repeated"\} (\d+)/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0
    )

  await t.test('counts, last use, and the metrics that show it', async (t) => {
    await publishUsage(await bus.connection, report([useOf(token, NEW_YEAR)], [addressOf(token, NEW_YEAR, '10.0.0.1')]))
    await until(async () => (await counted()) === 1)
    await until(async () => {
      const row = await database.selectFrom('tokens').selectAll().where('id', '=', token).executeTakeFirst()
      return row?.last_used_address === '10.0.0.1'
    })
    await until(async () => /patgate_usage_reports_total\{result="stored"\} 1/.test(await scrape()))
    t.pass('all of it')
  })

  await t.test('leaves aside what is no report, and goes on', async (t) => {
    const stream = jetstream(await bus.connection)
    await stream.publish(SUBJECTS.usage, 'no json')
    await stream.publish(SUBJECTS.usage, JSON.stringify({ version: 2 }))
    await publishUsage(await bus.connection, report([useOf(token, NEW_YEAR)]))
    await until(async () => (await counted()) === 2)
    await until(async () => /result="refused"\} 2/.test(await scrape()))
    t.pass('the report behind them was counted')
  })

  await t.test('loses nothing and counts nothing twice with two replicas and a restart of NATS', async (t) => {
    const second = other?.()
    t.teardown(() => second?.stop())
    const again = report([useOf(token, NEW_YEAR)])
    await publishUsage(await bus.connection, again)
    // Past the stream's own memory of duplicates: as if it came again much later.
    await jetstream(await bus.connection).publish(SUBJECTS.usage, JSON.stringify(again))
    // Before NATS restarts: whatever it then delivers again by itself would pass for this one.
    await until(async () => (await repeated()) === 1)
    t.equal(await counted(), 3, 'whichever replica it came to')

    for (let n = 0; n < 20; n++) await publishUsage(await bus.connection, report([useOf(token, NEW_YEAR)]))
    await servers.nats.stop()
    await until(() => !bus.isConnected())
    await servers.nats.start()
    await until(() => bus.isConnected())
    await publishUsage(await bus.connection, report([useOf(token, NEW_YEAR)]))
    await until(async () => (await counted()) >= 24, { timeoutMs: 45_000 })
    t.equal(await counted(), 24)
  })
})
