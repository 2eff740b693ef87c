import { until } from '@patgate/test-kit'
import t from 'tap'
import { connectMqttWith } from './clients.ts'
import { openPlace, scopeOf } from './place.ts'

t.test('an MQTT client id', async (t) => {
  const place = await openPlace(t)
  const { nats, admin, service, tokenFor } = place
  const stranger = await service.asNewPerson('stranger')
  await admin.call(`PUT /v1/groups/demo/members/${stranger.userId}`, { role: 'analyst' })
  const { secret: foreign } = await stranger.createToken({ scopes: [scopeOf('demo/*: publish subscribe')] })
  const own = await tokenFor('demo/orders: publish subscribe')
  const isBound = async (id: string) => {
    const { database } = service.deps
    const rows = database.selectFrom('channel_client_ids').select('owner_id').where('mqtt_client_id', '=', id)
    return (await rows.execute()).length > 0
  }

  await t.test('is its first owner’s while they are connected, with whichever of their tokens', async (t) => {
    const first = await connectMqttWith(nats, { clientId: 'meter', password: own })
    await t.rejects(connectMqttWith(nats, { clientId: 'meter', password: foreign }), 'nobody else has it')
    t.ok(first.connected, 'and they do not even notice')
    const second = await connectMqttWith(nats, {
      clientId: 'meter',
      password: await tokenFor('demo/orders: subscribe')
    })
    await until(() => !first.connected, { message: 'as MQTT has it, the newer connection takes over' })
    await second.endAsync()
    await until(async () => !(await isBound('meter')), { message: 'without a session the id is forgotten' })
    await (await connectMqttWith(nats, { clientId: 'meter', password: foreign })).endAsync()
  })

  await t.test('stays its owner’s as long as NATS keeps a session under it', async (t) => {
    const lasting = { clientId: 'pump', clean: false }
    const pump = await connectMqttWith(nats, { ...lasting, password: own })
    await pump.subscribeAsync('m/demo/c/orders', { qos: 1 })
    await pump.endAsync()
    const sender = await connectMqttWith(nats, { password: own })
    await sender.publishAsync('m/demo/c/orders', 'for the pump', { qos: 1 })
    for (const clean of [true, false]) {
      await t.rejects(connectMqttWith(nats, { ...lasting, clean, password: foreign }), `clean: ${clean}`)
    }
    const received: string[] = []
    const back = await connectMqttWith(nats, { ...lasting, password: own }, (payload) => received.push(payload))
    await until(() => received.includes('for the pump'), { message: 'what waited for it is its own' })
    await back.endAsync()

    await t.test('and gives nobody more than the token it comes with', async (t) => {
      const narrow = await tokenFor('demo/invoices: subscribe publish')
      const heard: string[] = []
      await sender.publishAsync('m/demo/c/orders', 'not for this token', { qos: 1 })
      const listen = (payload: string) => heard.push(payload)
      const client = await connectMqttWith(nats, { ...lasting, password: narrow }, listen).catch(() => null)
      if (client !== null) {
        await client.subscribeAsync('m/demo/c/invoices', { qos: 1 })
        await client.publishAsync('m/demo/c/invoices', 'its own', { qos: 1 })
        await until(() => heard.includes('its own'))
        await client.endAsync()
      }
      t.notOk(heard.includes('not for this token'))
    })
    await (await connectMqttWith(nats, { clientId: 'pump', clean: true, password: own })).endAsync()
    await until(async () => !(await isBound('pump')), { message: 'once the session is gone, so is the claim' })
    await sender.endAsync()
  })

  await t.test('that nobody could write down is refused', async (t) => {
    for (const clientId of ['a'.repeat(300), 'with\u0007bell']) {
      await t.rejects(connectMqttWith(nats, { clientId, password: own }))
    }
  })
})
