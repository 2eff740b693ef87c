import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import mqtt, { type MqttClient } from 'mqtt'
import { type Test, test } from 'tap'
import { sharedPatgate } from '../support/shared-patgate.ts'
import { until } from '../support/until.ts'
import { type RabbitMq, startRabbitMq } from './rabbitmq-server.ts'

const TOPIC = 'amq.topic'
const CHANNEL = 'm.demo.c.orders'
const ACCESS_REFUSED = 403
const HEARD_WITHIN_MS = 10_000

interface Identity {
  readonly id: string
  readonly secret: string
}

async function openAmqp(t: Test, { host, amqpPort }: RabbitMq, { id, secret }: Identity): Promise<ChannelModel> {
  const connection = await connect({ hostname: host, port: amqpPort, username: id, password: secret })
  t.teardown(() => connection.close())
  return connection
}

async function openMqtt(t: Test, { mqttUrl }: RabbitMq, { id, secret }: Identity, clientId: string): Promise<Device> {
  const client = await mqtt.connectAsync(mqttUrl, {
    username: id,
    password: secret,
    clientId,
    protocolVersion: 4,
    reconnectPeriod: 0
  })
  t.teardown(() => client.endAsync(true))
  const heard: string[] = []
  client.on('message', (topic, payload) => heard.push(`${topic} ${payload}`))
  return { client, heard }
}

interface Device {
  readonly client: MqttClient
  readonly heard: readonly string[]
}

/** With which code the broker refuses what is done on a channel of its own; null when it does not. */
async function refusal(
  connection: ChannelModel,
  act: (channel: ConfirmChannel) => Promise<unknown>
): Promise<number | null> {
  const channel = await connection.createConfirmChannel()
  let code: number | null = null
  channel.on('error', (error: Error & { code?: number }) => {
    code = error.code ?? null
  })
  try {
    await act(channel)
  } catch (error) {
    if (code === null) throw error
    return code
  }
  await channel.close()
  return null
}

function publish(key: string, text = 'said', exchange = TOPIC): (channel: ConfirmChannel) => Promise<void> {
  return async (channel) => {
    channel.publish(exchange, key, Buffer.from(text))
    await channel.waitForConfirms()
  }
}

function subscribe(pattern: string): (channel: ConfirmChannel) => Promise<string> {
  return async (channel) => {
    const { queue } = await channel.assertQueue('', { exclusive: true })
    await channel.bindQueue(queue, TOPIC, pattern)
    return queue
  }
}

test('the real RabbitMQ, with the example of infra/examples', async (t) => {
  const patgate = await sharedPatgate()
  const admin = await patgate.asAdmin()
  const rabbit = await startRabbitMq(t, new URL(patgate.run.gateway_url).host)
  const tokenThatMay = (...operations: ('publish' | 'subscribe')[]) =>
    admin.createToken({ scopes: [{ group: 'demo', entity_type: 'channel', entity_id: 'orders', operations }] })
  const both = await tokenThatMay('publish', 'subscribe')
  const publisher = await tokenThatMay('publish')
  const subscriber = await tokenThatMay('subscribe')

  await t.test('a token connects under its own id, and nobody else does', async (t) => {
    await openAmqp(t, rabbit, both)
    for (const [what, identity] of Object.entries({
      'a guessed secret': { id: both.id, secret: 'guessed' },
      'the secret of another token': { id: both.id, secret: publisher.secret },
      'a name that is no token’s id': { id: 'guest', secret: 'guest' }
    })) {
      await t.rejects(openAmqp(t, rabbit, identity), /ACCESS.REFUSED/, what)
      await t.rejects(openMqtt(t, rabbit, identity, `${both.id}-guess`), /not authori[sz]ed|refused/i, what)
    }
  })

  await t.test('to publish needs publish, to subscribe needs subscribe, and neither implies the other', async (t) => {
    const [asPublisher, asSubscriber] = [await openAmqp(t, rabbit, publisher), await openAmqp(t, rabbit, subscriber)]
    t.equal(await refusal(asPublisher, publish(CHANNEL)), null)
    t.equal(await refusal(asPublisher, subscribe(CHANNEL)), ACCESS_REFUSED)
    t.equal(await refusal(asSubscriber, subscribe(`${CHANNEL}.#`)), null)
    t.equal(await refusal(asSubscriber, publish(CHANNEL)), ACCESS_REFUSED)
  })

  await t.test('what is no channel of the token’s is refused', async (t) => {
    const connection = await openAmqp(t, rabbit, both)
    for (const key of ['m.other.c.orders', 'm.demo.c.invoices', 'orders', 'm.demo.c/orders']) {
      t.equal(await refusal(connection, publish(key)), ACCESS_REFUSED, key)
      t.equal(await refusal(connection, subscribe(key)), ACCESS_REFUSED, key)
    }
    for (const pattern of ['#', 'm.*.c.orders', 'm.demo.c.*']) {
      t.equal(await refusal(connection, subscribe(pattern)), ACCESS_REFUSED, pattern)
    }
    const queueOfAnother = await openAmqp(t, rabbit, subscriber)
    const name = `${subscriber.id}-orders`
    t.equal(await refusal(queueOfAnother, (channel) => channel.assertQueue(name, { autoDelete: true })), null)
    t.equal(await refusal(connection, (channel) => channel.consume(name, () => {})), ACCESS_REFUSED)
    t.equal(await refusal(connection, publish(name, 'said', '')), ACCESS_REFUSED, 'straight into a queue')
    t.equal(await refusal(connection, (channel) => channel.assertQueue('orders')), ACCESS_REFUSED)
    t.equal(await refusal(connection, (channel) => channel.assertExchange('orders', 'fanout')), ACCESS_REFUSED)
  })

  await t.test('an AMQP client and an MQTT client hear each other', async (t) => {
    const connection = await openAmqp(t, rabbit, both)
    const device = await openMqtt(t, rabbit, both, `${both.id}-device`)
    await device.client.subscribeAsync('m/demo/c/orders/#', { qos: 1 })
    const channel = await connection.createConfirmChannel()
    const heard: string[] = []
    const queue = await subscribe(`${CHANNEL}.#`)(channel)
    await channel.consume(queue, (message) => heard.push(String(message?.content)), { noAck: true })
    await publish(`${CHANNEL}.eu`, 'from a service')(channel)
    await device.client.publishAsync('m/demo/c/orders/eu', 'from a device', { qos: 1 })
    await until('the service has heard both', HEARD_WITHIN_MS, async () => heard.length === 2)
    await until('the device has heard both', HEARD_WITHIN_MS, async () => device.heard.length === 2)
    t.same(heard, ['from a service', 'from a device'])
    t.same(device.heard, ['m/demo/c/orders/eu from a service', 'm/demo/c/orders/eu from a device'])
  })

  await t.test('an MQTT client has a client id of its token’s, and no topic of others', async (t) => {
    for (const [topic, clientId] of [
      ['m/other/c/orders', `${both.id}-stray`],
      ['m/demo/c/orders', 'an-id-of-nobody']
    ] as const) {
      const { client } = await openMqtt(t, rabbit, both, clientId)
      await t.rejects(client.subscribeAsync(topic, { qos: 1 }), `${topic} as ${clientId}`)
    }
  })

  await t.test('a revoked token is refused at the next question', async (t) => {
    const token = await tokenThatMay('publish', 'subscribe')
    const connection = await openAmqp(t, rabbit, token)
    t.equal(await refusal(connection, publish(CHANNEL)), null)
    await admin.call(`/v1/tokens/${token.id}/revoke`, { method: 'POST' })
    t.equal(await refusal(connection, publish(CHANNEL)), ACCESS_REFUSED, 'on the open connection')
    t.equal(await refusal(connection, subscribe(CHANNEL)), ACCESS_REFUSED)
    await t.rejects(openAmqp(t, rabbit, token), /ACCESS.REFUSED/, 'on a new one')
  })

  await t.test('the audit log knows who was not let in, and to what', async (t) => {
    const denied = await until('the denial is in the log', HEARD_WITHIN_MS, async () => {
      const events = await admin.events(`token=${subscriber.id}&type=access.denied`)
      return events.length > 0 ? events : null
    })
    t.match(denied[0], { operation: 'publish', group: 'demo', target: { id: 'orders' } })
  })
})
