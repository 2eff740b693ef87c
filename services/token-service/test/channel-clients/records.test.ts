import type { AuditEvent } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import t from 'tap'
import { eventsOf } from '../support/events.ts'
import { CLIENTS, connectMqtt, connectMqttWith, connectNats, receives } from './clients.ts'
import { openPlace, scopeOf } from './place.ts'

t.test('what is recorded of clients', async (t) => {
  const place = await openPlace(t, { CHANNEL_FAILURES_PER_MINUTE: '40' })
  const { nats, admin, service, tokenFor } = place
  const scopes = [scopeOf('demo/orders: publish subscribe')]

  async function eventsAbout(tokenId: string, type: AuditEvent['type']): Promise<AuditEvent[]> {
    return (await eventsOf(service.deps)).filter((event) => event.type === type && event.actor.token_id === tokenId)
  }
  const disconnected = (tokenId: string) =>
    until(async () => (await eventsAbout(tokenId, 'channel.disconnected')).at(-1), { message: 'the end is recorded' })

  await t.test('a connection with what it may, and its end with what it did', async (t) => {
    const token = await admin.createToken({ scopes })
    const client = await connectNats(t, nats, token.secret)
    await client.subscribe('m/demo/c/orders')
    await client.publish('m/demo/c/orders', 'twelve bytes')
    await receives(client, 'twelve bytes')
    const [connected] = await eventsAbout(token.id, 'channel.connected')
    t.match(connected, {
      outcome: 'success',
      group: 'demo',
      actor: { kind: 'human', id: admin.userId, address: '127.0.0.1', user_agent: /^nats\.js/ },
      details: {
        owner_id: admin.userId,
        protocol: 'nats',
        publish: ['m.demo.c.orders', 'm.demo.c.orders.>'],
        subscribe: ['m.demo.c.orders', 'm.demo.c.orders.>']
      }
    })
    await client.close()
    t.match(await disconnected(token.id), {
      reason: 'client',
      group: 'demo',
      details: { messages_published: 1, bytes_published: 12, messages_received: 1, bytes_received: 12 }
    })
    t.notOk(JSON.stringify(await eventsOf(service.deps)).includes(token.secret), 'and never the token')
  })

  await t.test('why it ended', async (t) => {
    const endings: Record<string, (id: string) => Promise<unknown>> = {
      revoked: (id) => admin.call(`POST /v1/tokens/${id}/revoke`),
      narrowed: (id) => admin.call(`POST /v1/tokens/${id}/narrow`, { scopes: [scopeOf('demo/orders: publish')] }),
      widened: (id) => admin.call(`POST /v1/tokens/${id}/scopes`, { scopes: [scopeOf('demo/*: publish')] })
    }
    for (const [reason, end] of Object.entries(endings)) {
      const token = await admin.createToken({ scopes })
      await connectMqtt(t, nats, token.secret)
      await end(token.id)
      t.match(await disconnected(token.id), { reason, details: { protocol: 'mqtt' } }, reason)
    }
    const brief = await admin.createToken({ scopes, expires_in: '3s' })
    await connectMqtt(t, nats, brief.secret)
    t.match(await disconnected(brief.id), { reason: 'expired' })
    await until(
      async () => (await service.deps.database.selectFrom('channel_connections').select('cid').execute()).length === 0
    )
  })

  await t.test('a connection counts as a use of the token', async (t) => {
    const token = await admin.createToken({ scopes })
    await connectMqtt(t, nats, token.secret)
    await until(async () => (await admin.call(`GET /v1/tokens/${token.id}`)).body.last_used_address === '127.0.0.1')
    const { body } = await admin.call(`GET /v1/tokens/${token.id}/usage`)
    t.same(body.unused, [], 'patgate sees no single messages, so it suggests no less than what was open')
  })

  await t.test('who was not let in', async (t) => {
    const revoked = await admin.createToken({ scopes })
    await admin.call(`POST /v1/tokens/${revoked.id}/revoke`)
    const scopeless = await admin.createToken({ scopes: [] })
    for (const { secret } of [revoked, scopeless]) await t.rejects(connectMqtt(t, nats, secret))
    await t.rejects(connectMqttWith(nats, { clientId: 'a-meter', password: `${revoked.secret.slice(0, -1)}-` }))
    const denied = await until(async () => {
      const events = (await eventsOf(service.deps)).filter(({ type }) => type === 'channel.denied')
      return events.length >= 3 ? events : null
    })
    const byReason = new Map(denied.map((event) => [event.reason, event]))
    t.match(byReason.get('revoked'), { outcome: 'denied', actor: { kind: 'anonymous', token_id: revoked.id } })
    t.match(byReason.get('insufficient_scope'), {
      actor: { token_id: scopeless.id },
      details: { owner_id: admin.userId }
    })
    t.match(byReason.get('malformed'), {
      actor: { token_id: null },
      details: { client_id: 'a-meter', protocol: 'mqtt' }
    })
  })

  await t.test('a flood of refusals is slowed down, and told of in sum', async (t) => {
    const revoked = await admin.createToken({ scopes })
    await admin.call(`POST /v1/tokens/${revoked.id}/revoke`)
    const good = await tokenFor('demo/orders: subscribe')
    await Promise.all(Array.from({ length: 60 }, () => connectNats(t, nats, revoked.secret).catch(() => null)))
    await t.rejects(connectNats(t, nats, good), 'after too many failures the address has to wait')
    const counted = await until(async () => {
      const denied = (await eventsOf(service.deps)).filter(({ type }) => type === 'channel.denied')
      return denied.find((event) => event.reason === 'many') ? denied : null
    })
    t.ok(counted.filter(({ actor }) => actor.token_id === revoked.id).length < 60, 'not each of them is an event')
  })

  await t.test('the metrics tell who came and what was ended', async (t) => {
    const metrics = await service.deps.metrics.registry.metrics()
    for (const line of [
      /patgate_channel_admissions_total\{protocol="mqtt",outcome="admitted"\} [1-9]/,
      /patgate_channel_admissions_total\{protocol="nats",outcome="refused"\} [1-9]/,
      /patgate_channel_kicks_total\{reason="revoked",gone="true"\} [1-9]/,
      /patgate_channel_connections \d/,
      /patgate_channel_system_account_connected 1/
    ]) {
      t.match(metrics, line)
    }
  })
})

t.test('what cannot be known lets nobody in', async (t) => {
  const place = await openPlace(t)
  const { nats, service, tokenFor } = place
  const secret = await tokenFor('demo/orders: subscribe')
  for (const connect of Object.values(CLIENTS)) await (await connect(t, nats, secret)).close()
  // The pool is closed: every question fails, as with a database that is gone.
  await service.deps.database.destroy()
  for (const connect of Object.values(CLIENTS)) await t.rejects(connect(t, nats, secret))
  t.match(await service.deps.metrics.registry.metrics(), /outcome="failed"\} 2|outcome="failed"\} 1/)
})
