import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { AUDIT_STREAM, type EventBatch, SUBJECTS } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { startRelay } from '../../src/changes/relay.ts'
import { eventsOf } from '../support/events.ts'
import { openService, type TestService } from '../support/service.ts'

test('the relay', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()

  await t.test('delivers every event once and in order, over an outage of NATS and with a second relay', async (t) => {
    const second = startRelay(service.deps)
    t.teardown(() => second.stop())
    await createTokens(admin, 5)
    await allRelayed(service)
    await service.servers.nats.stop()
    await createTokens(admin, 5)
    t.ok((await waiting(service)) >= 5, 'kept while there is nobody to tell')
    await service.servers.nats.start()
    await createTokens(admin, 5)
    await allRelayed(service)
    const delivered = await storedEvents(service)
    t.same(delivered, await eventsOf(service.deps))
  })

  await t.test('names the group of a bot in events about its tokens', async (t) => {
    await admin.call('POST /v1/groups', { slug: 'fleet', name: 'Fleet' })
    const { body: bot } = await admin.call('POST /v1/groups/fleet/bots', { name: 'deploy', role: 'analyst' })
    const { body: token } = await admin.call('POST /v1/tokens', {
      name: 'of the bot',
      owner: bot.id,
      scopes: [],
      expires_in: '1h'
    })
    await admin.call(`POST /v1/tokens/${token.id}/revoke`, {})
    await allRelayed(service)
    const told = (await storedEvents(service)).filter(({ target }) => target?.id === token.id)
    t.same(
      told.map(({ type, group }) => [type, group]),
      [
        ['token.created', 'fleet'],
        ['token.revoked', 'fleet']
      ]
    )
  })

  await t.test('sends again what the audit service did not store, and only that', async (t) => {
    const events = await eventsOf(service.deps)
    const [last] = events.slice(-1)
    const boot = last?.boot ?? ''
    const connection = await connect({ servers: service.servers.natsUrl })
    t.teardown(() => connection.close())
    const impatient = startRelay(service.deps, { patienceMs: 200 })
    t.teardown(() => impatient.stop())
    const announce = (seq: number) =>
      connection.publish(
        SUBJECTS.auditCommitted,
        JSON.stringify({ producer: 'token-service', boot, contiguous_seq: seq })
      )
    const storedAtLeast = (last?.seq ?? 0) - 2
    const timesOf = async (seq: number) => (await storedEvents(service)).filter((event) => event.seq === seq).length
    await until(
      async () => {
        await createTokens(admin, 1)
        announce(storedAtLeast)
        return (await timesOf(last?.seq ?? 0)) > 1
      },
      { timeoutMs: 20_000 }
    )
    t.equal(await timesOf(storedAtLeast), 1, 'what is stored is not sent again')
  })

  await t.test('begins again where the stream was lost', async (t) => {
    const connection = await connect({ servers: service.servers.natsUrl })
    t.teardown(() => connection.close())
    const manager = await jetstream(connection).jetstreamManager()
    await manager.streams.delete(AUDIT_STREAM.name)
    await createTokens(admin, 1)
    await allRelayed(service)
    const [event, ...more] = await storedEvents(service)
    t.equal(event?.type, 'token.created')
    t.equal(more.length, 0)
  })
})

async function createTokens(client: Awaited<ReturnType<TestService['asAdmin']>>, count: number): Promise<void> {
  for (let made = 0; made < count; made++) await client.createToken()
}

async function waiting({ deps }: TestService): Promise<number> {
  const rows = await deps.database.selectFrom('changes').select('seq').where('relayed_at', 'is', null).execute()
  return rows.length
}

function allRelayed(service: TestService): Promise<boolean> {
  return until(async () => (await waiting(service)) === 0, { timeoutMs: 20_000, message: 'every event is relayed' })
}

async function storedEvents({ servers }: TestService): Promise<EventBatch['events']> {
  const connection = await connect({ servers: servers.natsUrl })
  const manager = await jetstream(connection).jetstreamManager()
  const { state } = await manager.streams.info(AUDIT_STREAM.name)
  const events: EventBatch['events'] = []
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage(AUDIT_STREAM.name, { seq })
    if (message !== null) events.push(...message.json<EventBatch>().events)
  }
  await connection.close()
  return events
}
