import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { CHANNEL_STREAM, INTAKE_STREAM } from '@patgate/contracts'
import { ensureChannelStreams, openBus } from '@patgate/event-bus'
import { startNats } from '@patgate/local'
import { openBrokers } from '@patgate/test-kit'
import t, { type Test } from 'tap'

const RETENTION = { maxAgeMs: 60 * 60 * 1000, maxBytes: -1, replicas: 1 }

async function connectTo(t: Test, url: string) {
  const bus = openBus({ url, name: 'test' })
  t.teardown(() => bus.close())
  return bus.connection
}

t.test('a message of a gateway is stored and acknowledged, once for each id', async (t) => {
  const connection = await connectTo(t, (await openBrokers(t)).natsUrl)
  await ensureChannelStreams(connection, { ...RETENTION, hasIntake: false })
  const publish = () => jetstream(connection).publish('m.demo.c.orders', 'a message', { msgID: 'an id' })
  t.match(await publish(), { stream: CHANNEL_STREAM.name, seq: 1, duplicate: false })
  t.match(await publish(), { seq: 1, duplicate: true })

  await ensureChannelStreams(connection, { ...RETENTION, maxBytes: 1_000_000, hasIntake: false })
  const { config, state } = await (await jetstreamManager(connection)).streams.info(CHANNEL_STREAM.name)
  t.equal(config.max_bytes, 1_000_000, 'another retention holds for the stream that is there')
  t.equal(state.messages, 1)
})

t.test('with the accounts of infra/nats the store copies what comes in', async (t) => {
  const server = await startNats({ directory: t.testdir() })
  t.teardown(() => server.stop())
  const connection = await connectTo(t, server.urls.channels)
  for (const _ of ['the first gateway', 'another one']) {
    await ensureChannelStreams(connection, { ...RETENTION, hasIntake: true })
  }
  t.match(await jetstream(connection).publish('m.demo.c.orders', 'a message'), { stream: CHANNEL_STREAM.name, seq: 1 })
  const { config } = await (await jetstreamManager(connection)).streams.info(CHANNEL_STREAM.name)
  t.match(config.sources, [{ name: INTAKE_STREAM.name }])
})
