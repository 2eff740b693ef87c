import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import { CHANNEL_STREAM } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import t from 'tap'
import { connectMqtt, connectMqttWith, connectNats, connectNatsWith, receives } from './clients.ts'
import { openPlace, scopeOf } from './place.ts'

t.test('what a client says stays where it may say it', async (t) => {
  const place = await openPlace(t)
  const { nats, tokenFor, store } = place
  const manager = await jetstreamManager(store)
  const stored = async () => (await manager.streams.info(CHANNEL_STREAM.name)).state.messages
  const own = await tokenFor('demo/orders: publish subscribe')
  const victim = await connectNats(t, nats, await tokenFor('other/*: publish subscribe'))
  for (const topic of ['m/other/c/orders', 'm/other/c/orders/#']) await victim.subscribe(topic)

  await t.test('a gateway and clients of both kinds hear each other', async (t) => {
    const [byNats, byMqtt] = [await connectNats(t, nats, own), await connectMqtt(t, nats, own)]
    for (const client of [byNats, byMqtt]) await client.subscribe('m/demo/c/orders')
    const before = await stored()
    await jetstream(store).publish('m.demo.c.orders', 'by a gateway')
    await byNats.publish('m/demo/c/orders', 'by nats')
    await byMqtt.publish('m/demo/c/orders', 'by mqtt')
    for (const client of [byNats, byMqtt]) {
      for (const payload of ['by a gateway', 'by nats', 'by mqtt']) await receives(client, payload)
      t.equal(client.received.length, 3, `${client.kind} receives each once, its own too`)
    }
    await until(async () => (await stored()) === before + 3)
    const { message } = {
      message: await manager.streams.getMessage(CHANNEL_STREAM.name, { last_by_subj: 'm.demo.c.orders' })
    }
    t.ok(message?.header.has('Nats-Stream-Source'), 'no gateway published it, and that shows')
  })

  await t.test('JetStream does not speak for a client that names where to answer', async (t) => {
    const client = await connectNatsWith(nats, { user: 'x', pass: own })
    t.teardown(() => client.close())
    const before = await stored()
    const replies = ['m.other.c.orders', `$JS.API.STREAM.PURGE.${CHANNEL_STREAM.name}`, '_INBOX.somebody', 'intake.x']
    for (const reply of replies) client.publish('m.demo.c.orders', 'answer elsewhere', { reply })
    await client.flush()
    await until(async () => (await stored()) === before + replies.length)
    await victim.publish('m/other/c/orders', 'after all of them')
    await receives(victim, 'after all of them')
    t.same(victim.received, ['after all of them'])
  })

  await t.test('headers that mean something to JetStream mean nothing for others', async (t) => {
    const client = await connectNatsWith(nats, { user: 'x', pass: own })
    t.teardown(() => client.close())
    const before = await stored()
    const powers = {
      'Nats-Rollup': 'all',
      'Nats-TTL': '1s',
      'Nats-Expected-Last-Sequence': '1',
      'Nats-Schedule': '@every 1s',
      'Nats-Schedule-Target': 'm.other.c.orders',
      'Nats-Batch-Id': 'a batch',
      'Nats-Incr': '+1'
    }
    for (const [name, value] of Object.entries(powers)) {
      const asking = headers()
      asking.set(name, value)
      client.publish('m.demo.c.orders', name, { headers: asking })
    }
    client.publish('m.demo.c.orders', 'the last')
    await client.flush()
    await until(async () => {
      const last = await manager.streams.getMessage(CHANNEL_STREAM.name, { last_by_subj: 'm.demo.c.orders' })
      return last?.string() === 'the last'
    })
    t.ok((await stored()) > before, 'nothing was rolled up')
    t.same(victim.received, ['after all of them'])
  })

  await t.test('subjects of the server and wildcards are refused to NATS clients', async (t) => {
    const client = await connectNats(t, nats, own)
    const hostile = [
      '$SYS/#',
      '$JS/#',
      '$JS/API/INFO',
      '$MQTT/#',
      '_INBOX/#',
      '#',
      'm/#',
      '+/#',
      'm/+/c/orders',
      'm/demo/c/+'
    ]
    for (const topic of hostile) t.notOk(await client.subscribe(topic), `subscribe ${topic}`)
    const places = [
      '$SYS/REQ/SERVER/PING',
      '$JS/API/INFO',
      '$MQTT/sub/x',
      '_INBOX/x',
      'm/other/c/orders',
      'intake/x',
      'm/demo/c'
    ]
    for (const topic of places) t.notOk(await client.publish(topic, 'hostile'), `publish ${topic}`)
  })

  await t.test('topics of the server, wildcards and other spellings are refused to MQTT clients', async (t) => {
    const client = await connectMqtt(t, nats, own)
    const hostile = [
      '$SYS/#',
      '$JS/#',
      '$MQTT/#',
      '_INBOX/#',
      '#',
      'm/#',
      '+/#',
      'm/+/c/orders',
      'm/demo/c/+',
      'm.demo.c.orders',
      '/m/demo/c/orders',
      'm//demo/c/orders',
      'm/demo/c/orders.eu'
    ]
    for (const topic of hostile) t.notOk(await client.subscribe(topic), `subscribe ${topic}`)
    const before = await stored()
    const places = [
      '$SYS/x',
      '$JS/API/INFO',
      '$MQTT/sub/x',
      'm/other/c/orders',
      'm.other.c.orders',
      '/m/demo/c/orders',
      'm/demo/c/orders.eu',
      'm/demo/c'
    ]
    for (const topic of places) await client.publish(topic, 'hostile')
    await client.subscribe('m/demo/c/orders')
    await client.publish('m/demo/c/orders', 'the last')
    await receives(client, 'the last')
    await until(async () => (await stored()) > before)
    t.equal(await stored(), before + 1, 'only what was allowed is stored')
    t.same(victim.received, ['after all of them'])
  })

  await t.test(
    'below its channel a client is heard by those who may hear it, whatever it calls the place',
    async (t) => {
      const [speaker, neighbour] = [await connectMqtt(t, nats, own), await connectMqtt(t, nats, own)]
      await neighbour.subscribe('m/demo/c/orders/#')
      for (const subtopic of ['a.b', '$SYS', 'ü']) await speaker.publish(`m/demo/c/orders/${subtopic}`, subtopic)
      await receives(neighbour, 'ü')
      t.notOk(await speaker.publish('m/demo/c/orders/a b', 'a space'), 'what no subject can be costs the connection')
      t.same(victim.received, ['after all of them'])
    }
  )

  await t.test('a will is a message like any other', async (t) => {
    const listener = await connectMqtt(t, nats, own)
    await listener.subscribe('m/demo/c/orders/will')
    const wills = [
      { topic: 'm/other/c/orders', payload: Buffer.from('crossing'), qos: 1, retain: false },
      { topic: 'm/demo/c/orders/will', payload: Buffer.from('allowed'), qos: 1, retain: false }
    ] as const
    for (const will of wills) {
      await connectMqttWith(nats, { password: own, will }).then(
        (client) => client.stream.destroy(),
        () => t.equal(will.topic, 'm/other/c/orders', 'a will beyond its rights is refused at once')
      )
    }
    await receives(listener, 'allowed')
    t.same(victim.received, ['after all of them'])
  })

  await t.test('a will of a client that was cut off is published once at most, where it was allowed', async (t) => {
    const { admin } = place
    const listener = await connectMqtt(t, nats, own)
    await listener.subscribe('m/demo/c/orders/last-words')
    const token = await admin.createToken({ scopes: [scopeOf('demo/orders: publish')] })
    const will = {
      topic: 'm/demo/c/orders/last-words',
      payload: Buffer.from('cut off'),
      qos: 1,
      retain: false
    } as const
    const client = await connectMqttWith(nats, { password: token.secret, will })
    const isClosed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    t.equal((await admin.call(`POST /v1/tokens/${token.id}/revoke`)).status, 200)
    await isClosed
    await t.rejects(connectMqttWith(nats, { password: token.secret, will }), 'and registers no other')
    await (await connectMqtt(t, nats, own)).publish('m/demo/c/orders/last-words', 'after it')
    await receives(listener, 'after it')
    const said = listener.received.filter((payload) => payload === 'cut off')
    t.ok(said.length <= 1, `published ${said.length} times`)
    t.comment(`the will was published ${said.length} times`)
    t.same(victim.received, ['after all of them'])
  })
})
