import { openBus } from '@patgate/event-bus'
import { openBrokers, until } from '@patgate/test-kit'
import t from 'tap'

t.test('a service starts while NATS is down, and is connected when it comes', async (t) => {
  const { natsUrl, nats } = await openBrokers(t)
  await nats.stop()
  const statuses: string[] = []
  const bus = openBus({ url: natsUrl, name: 'test', onStatus: (status) => statuses.push(status) })
  t.teardown(() => bus.close())
  await until(() => statuses.length > 0, { message: 'the first attempt fails' })
  t.equal(bus.isConnected(), false)

  await nats.start()
  const connection = await bus.connection
  t.equal(bus.isConnected(), true)
  t.ok((await connection.rtt()) >= 0)
  t.equal(new Set(statuses).size, statuses.length, 'a reason is told once, not at every attempt')
})

t.test('an outage is seen, and the same connection is used again after it', async (t) => {
  const { natsUrl, nats } = await openBrokers(t)
  const bus = openBus({ url: natsUrl, name: 'test' })
  t.teardown(() => bus.close())
  const connection = await bus.connection
  const heard: string[] = []
  connection.subscribe('greetings', { callback: (_error, message) => void heard.push(message.string()) })

  await nats.stop()
  await until(() => !bus.isConnected(), { message: 'the outage is seen' })
  await nats.start()
  await until(() => bus.isConnected(), { message: 'the connection is back' })
  t.equal(await bus.connection, connection)
  await until(() => {
    connection.publish('greetings', 'hello')
    return heard.length > 0
  })
})

t.test('a bus that is closed before its first connection stops trying', async (t) => {
  const { natsUrl, nats } = await openBrokers(t)
  await nats.stop()
  const bus = openBus({ url: natsUrl, name: 'test' })
  await bus.close()
  await t.rejects(bus.connection, { message: 'the bus was closed before its first connection' })
  t.equal(bus.isConnected(), false)
})

t.test('closing sends what is still buffered', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const [sender, receiver] = [openBus({ url: natsUrl, name: 'sender' }), openBus({ url: natsUrl, name: 'receiver' })]
  t.teardown(() => receiver.close())
  const heard: string[] = []
  const receiving = await receiver.connection
  receiving.subscribe('numbers', { callback: (_error, message) => void heard.push(message.string()) })
  await receiving.flush()

  const sending = await sender.connection
  const numbers = Array.from({ length: 1_000 }, (_, index) => String(index))
  for (const number of numbers) sending.publish('numbers', number)
  await sender.close()
  await until(() => heard.length === numbers.length)
  t.same(heard, numbers)
  t.equal(sender.isConnected(), false)
})
