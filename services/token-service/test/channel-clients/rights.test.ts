import { connect as connectSocket } from 'node:net'
import { until } from '@patgate/test-kit'
import t from 'tap'
import { CLIENTS, connectMqtt, connectMqttWith, connectNatsWith, receives } from './clients.ts'
import { openPlace } from './place.ts'

t.test('MQTT and NATS clients', async (t) => {
  const place = await openPlace(t)
  const { nats, tokenFor } = place

  for (const [kind, connect] of Object.entries(CLIENTS)) {
    await t.test(
      `${kind}: publishing needs publish, subscribing needs subscribe, and neither is the other`,
      async (t) => {
        const witness = await connect(t, nats, await tokenFor('demo/orders: publish subscribe'))
        // To NATS the rest is never nothing.
        for (const topic of ['m/demo/c/orders', 'm/demo/c/orders/+']) t.ok(await witness.subscribe(topic), topic)

        const publisher = await connect(t, nats, await tokenFor('demo/orders: publish'))
        t.notOk(await publisher.subscribe('m/demo/c/orders'), 'a publisher hears nothing')
        await publisher.publish('m/demo/c/orders/eu', 'from the publisher')
        await receives(witness, 'from the publisher')

        const subscriber = await connect(t, nats, await tokenFor('demo/orders: subscribe'))
        t.ok(await subscriber.subscribe('m/demo/c/orders'))
        const isAccepted = await subscriber.publish('m/demo/c/orders', 'from the subscriber')
        t.equal(isAccepted, kind === 'mqtt', 'MQTT 3.1.1 has no way to refuse a message')
        await witness.publish('m/demo/c/orders', 'the last')
        await receives(subscriber, 'the last')
        await receives(witness, 'the last')
        t.notOk(witness.received.includes('from the subscriber'), 'what was refused reaches nobody')
        t.same(publisher.received, [])
      }
    )

    await t.test(`${kind}: rights end at their channel and group`, async (t) => {
      const client = await connect(t, nats, await tokenFor('demo/orders: publish subscribe'))
      for (const topic of [
        'm/demo/c/other',
        'm/other/c/orders',
        'm/demo/c/ordersx',
        'm/+/c/orders',
        'm/demo/c/#',
        '#'
      ]) {
        t.notOk(await client.subscribe(topic), topic)
      }
      const [demo, other] = [
        await connect(t, nats, await tokenFor('demo/*: subscribe')),
        await connect(t, nats, await tokenFor('other/*: subscribe publish'))
      ]
      t.ok(await demo.subscribe('m/demo/c/invoices'), 'a scope on all channels has each of them')
      t.ok(await other.subscribe('m/other/c/orders'))
      await client.publish('m/other/c/orders', 'crossing')
      await other.publish('m/other/c/orders', 'own')
      await receives(other, 'own')
      t.notOk(other.received.includes('crossing'))

      const everywhere = await connect(t, nats, await tokenFor('*/orders: subscribe'))
      for (const group of ['demo', 'other']) t.ok(await everywhere.subscribe(`m/${group}/c/orders`), group)
      t.notOk(await everywhere.subscribe('m/+/c/orders'), 'in each group, and not in all at once')
    })

    await t.test(`${kind}: without a right on any channel nobody is let in`, async (t) => {
      const { admin } = place
      const scopeless = await admin.createToken({ scopes: [] })
      const elsewhere = {
        group: 'demo',
        entity_type: 'dashboard',
        entity_id: '*',
        operations: ['publish', 'subscribe']
      }
      const onDashboards = await admin.createToken({ scopes: [elsewhere] })
      const cut = await admin.createToken({ scopes: [], expires_in: '1h' })
      await admin.call(`POST /v1/tokens/${cut.id}/revoke`)
      const secrets = [scopeless.secret, onDashboards.secret, cut.secret, `${scopeless.secret}x`, 'guessed', '']
      for (const secret of secrets) await t.rejects(connect(t, nats, secret), `refused: ${secret.slice(0, 3)}`)
    })

    await t.test(`${kind}: the owner's role, under the token's access level, is the measure`, async (t) => {
      const { admin, service } = place
      const guest = await service.asNewPerson(`guest of ${kind}`.replaceAll(' ', '-'))
      await admin.call(`PUT /v1/groups/demo/members/${guest.userId}`, { role: 'guest' })
      const both = { group: 'demo', entity_type: 'channel', entity_id: 'orders', operations: ['publish', 'subscribe'] }
      const ofGuest = await guest.createToken({ scopes: [both] })
      const capped = await admin.createToken({ scopes: [both], access_level: 'guest' })
      const onlyPublish = await guest.createToken({ scopes: [{ ...both, operations: ['publish'] }] })
      const listener = await connect(t, nats, await tokenFor('demo/orders: publish subscribe'))
      await listener.subscribe('m/demo/c/orders')
      for (const { secret } of [ofGuest, capped]) {
        const client = await connect(t, nats, secret)
        t.ok(await client.subscribe('m/demo/c/orders'))
        await client.publish('m/demo/c/orders', 'above the role')
      }
      await t.rejects(connect(t, nats, onlyPublish.secret))
      await listener.publish('m/demo/c/orders', 'allowed')
      await receives(listener, 'allowed')
      t.notOk(listener.received.includes('above the role'))
    })

    await t.test(`${kind}: a channel cannot be named so that it means more`, async (t) => {
      const hostile = ['>', 'a.>', 'a.b', '$SYS', 'orders/#', 'ünicode', 'a+b']
      const scopes = hostile.map((entity_id) => {
        return { group: 'demo', entity_type: 'channel', entity_id, operations: ['publish', 'subscribe'] }
      })
      const { secret } = await place.admin.createToken({ scopes })
      await t.rejects(connect(t, nats, secret), 'none of them is a channel')
    })

    await t.test(`${kind}: an address that the token does not allow is refused`, async (t) => {
      const scopes = [{ group: 'demo', entity_type: 'channel', entity_id: '*', operations: ['subscribe'] }]
      const abroad = await place.admin.createToken({ scopes, allowed_addresses: ['10.0.0.0/8'] })
      await t.rejects(connect(t, nats, abroad.secret))
      const here = await place.admin.createToken({ scopes, allowed_addresses: ['127.0.0.0/8'] })
      t.ok(await (await connect(t, nats, here.secret)).subscribe('m/demo/c/orders'))
    })
  }

  await t.test('the token may be the password of any user name, or a token alone', async (t) => {
    const secret = await tokenFor('demo/orders: subscribe')
    for (const options of [{ user: 'gateway', pass: secret }, { token: secret }]) {
      await (await connectNatsWith(nats, options)).close()
    }
    await (await connectMqttWith(nats, { username: 'gateway', password: secret })).endAsync()
    await t.rejects(connectNatsWith(nats, { user: 'patgate-gateway', pass: secret }), 'but not of a service')
    await t.rejects(connectNatsWith(nats, {}))
    await t.rejects(connectMqttWith(nats, { username: secret }), 'a user name is no password')
    t.pass()
  })

  await t.test('MQTT over WebSocket is the same MQTT: same rights, same refusals', async (t) => {
    const address = `${nats.webSocketAddress}/mqtt`
    const overWebSocket = (password: string, onMessage?: (payload: string) => void) =>
      connectMqttWith(nats, { password }, onMessage, address)
    const heard: string[] = []
    const client = await overWebSocket(await tokenFor('demo/orders: subscribe'), (payload) => heard.push(payload))
    t.teardown(() => client.endAsync(true))
    await client.subscribeAsync('m/demo/c/orders')
    await t.rejects(client.subscribeAsync('m/demo/c/invoices'))
    const device = await connectMqtt(t, nats, await tokenFor('demo/orders: publish'))
    await client.publishAsync('m/demo/c/orders', 'not mine to say', { qos: 1 })
    await device.publish('m/demo/c/orders', 'over both')
    await until(() => heard.includes('over both'))
    t.same(heard, ['over both'])
    await t.rejects(overWebSocket('guessed'))
  })

  await t.test('MQTT 5 is refused in its own words, and lets nobody in', async (t) => {
    const secret = await tokenFor('demo/orders: publish subscribe')
    await t.rejects(connectMqttWith(nats, { password: secret, protocolVersion: 5 }))
    const { hostname, port } = new URL(nats.mqttAddress)
    const answer = await connackTo(Number(port), hostname, connectPacket(secret))
    t.same([...answer], [0x20, 2, 0, 1], 'CONNACK: unacceptable protocol version')
  })
})

/** The first bytes a server answers; empty when it closes without a word. */
async function connackTo(port: number, host: string, packet: Buffer): Promise<Buffer> {
  const socket = connectSocket({ port, host })
  socket.end(packet)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** CONNECT of MQTT 5 (section 3.1), with a user name, a password, and no properties. */
function connectPacket(password: string): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value)
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
  }
  const fields = [text('MQTT'), Buffer.from([5, 0xc2, 0, 60, 0]), text('a'), text('any'), text(password)]
  const body = Buffer.concat(fields)
  return Buffer.concat([Buffer.from([0x10, body.length]), body])
}
