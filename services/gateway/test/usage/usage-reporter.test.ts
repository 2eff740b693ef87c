import { jetstream } from '@nats-io/jetstream'
import { USAGE_STREAM, UsageReport } from '@patgate/contracts'
import { openBus } from '@patgate/event-bus'
import { createLogger } from '@patgate/service-kit'
import { captureLogs, manualClock, openBrokers, until } from '@patgate/test-kit'
import { test } from 'tap'
import { Compile } from 'typebox/compile'
import { createUsageCounter } from '../../src/usage/usage-counter.ts'
import { startUsageReporter } from '../../src/usage/usage-reporter.ts'

const NOON = Date.UTC(2030, 0, 1, 12)
const token = { tokenId: '0198c0de-0000-7000-8000-000000000001', issuedAtMs: NOON }
const ask = (entityId: string) => ({ group: 'demo', entityType: 'dashboard', entityId, operation: 'read' as const })

test('the usage reporter', async (t) => {
  const { natsUrl, nats } = await openBrokers(t)
  const bus = openBus({ url: natsUrl, name: 'test' })
  t.teardown(() => bus.close())
  const counter = createUsageCounter({ clock: manualClock(NOON) })
  const logger = createLogger('gateway', 'info', captureLogs().stream)
  const reporter = startUsageReporter({ name: 'test', bus, logger, counter, flushEveryMs: 50 })
  t.teardown(() => reporter.close())

  async function storedReports(): Promise<UsageReport[]> {
    const manager = await jetstream(await bus.connection).jetstreamManager()
    const { state } = await manager.streams.info(USAGE_STREAM.name)
    const reports: UsageReport[] = []
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage(USAGE_STREAM.name, { seq })
      if (message !== null) reports.push(message.json<UsageReport>())
    }
    return reports
  }
  const countStored = async () => {
    const uses = (await storedReports()).flatMap((report) => report.uses)
    return uses.reduce((sum, { count }) => sum + count, 0)
  }

  await t.test('reports what was counted, in the shape of the contract', async (t) => {
    counter.count(token, [ask('a')], '10.0.0.1')
    counter.count(token, [ask('a')], '10.0.0.1')
    const [report] = await until(async () => {
      const reports = await storedReports().catch(() => [])
      return reports.some(({ addresses }) => addresses.length > 0) ? reports : null
    })
    const schema = Compile(UsageReport)
    for (const stored of await storedReports()) t.ok(schema.Check(stored))
    t.match(report, {
      gateway: 'test',
      flush: 1,
      uses: [{ token_id: token.tokenId, issued_at: new Date(NOON).toISOString(), entity_id: 'a', count: 2 }]
    })
  })

  await t.test('loses nothing and counts nothing twice over a restart of NATS', async (t) => {
    for (let use = 0; use < 10; use++) counter.count(token, [ask('b')], null)
    await nats.stop()
    await until(() => !bus.isConnected())
    for (let use = 0; use < 10; use++) counter.count(token, [ask('b')], null)
    await nats.start()
    await until(() => bus.isConnected())
    await until(async () => (await countStored()) === 22, { message: 'all uses are stored' })
    await reporter.flush()
    t.equal(await countStored(), 22)
    const numbers = (await storedReports()).map(({ flush }) => flush)
    t.equal(new Set(numbers).size, numbers.length)
  })

  await t.test('divides much into reports that fit into a message', async (t) => {
    const before = (await storedReports()).length
    for (let entity = 0; entity < 1_500; entity++) counter.count(token, [ask('\u{1F4C8}'.repeat(120) + entity)], null)
    await reporter.flush()
    t.ok((await storedReports()).length >= before + 3)
    t.equal(await countStored(), 22 + 1_500)
  })
})
