import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { connect as connectNats } from '@nats-io/transport-node'
import mqtt from 'mqtt'
import { type Test, test } from 'tap'
import { openEvents } from './support/event-stream.ts'
import { type Mosquitto, openMosquitto } from './support/mosquitto.ts'
import type { Patgate } from './support/patgate.ts'
import { sharedPatgate } from './support/shared-patgate.ts'
import { until } from './support/until.ts'
import { openSocket } from './support/web-socket.ts'

const run = promisify(execFile)
const GUIDE = new URL('../docs/guides/mqtt-and-nats.md', import.meta.url)
const CHANNEL = 'm/demo/c/pairs'
const BOTH = { group: 'demo', entity_type: 'channel', entity_id: '*', operations: ['publish', 'subscribe'] as const }
const SCOPES = [{ ...BOTH, operations: [...BOTH.operations] }]
/** The promises: of streams always, of NATS's own clients while it can be reached. The margin is for two busy cores. */
const STREAMS_END_WITHIN_MS = 2_500
const CLIENTS_END_WITHIN_MS = 1_000
const MARGIN_MS = 1_500

/** Sends one message; resolves when the server has taken it. */
type Publish = (payload: string) => Promise<unknown>
/** What was received so far, as the client of that kind shows it. */
type Subscription = () => string

interface Parties {
  readonly publishers: Readonly<Record<string, Publish>>
  readonly subscribers: Readonly<Record<string, Subscription>>
}

async function openParties(t: Test, patgate: Patgate, mosquitto: Mosquitto, token: string): Promise<Parties> {
  const { gateway_url: gateway, mqtt_url: mqttUrl, nats_url: natsUrl } = patgate.run
  const { hostname, port } = new URL(mqttUrl)
  const toMosquitto = ['-h', hostname, '-p', port, '-u', 'any', '-P', token, '-t']
  const subject = CHANNEL.replaceAll('/', '.')

  const socket = await openSocket(`${gateway}/${CHANNEL}?raw=1`, token)
  t.teardown(() => socket.socket.close())
  const events = await openEvents(`${gateway}/${CHANNEL}`, token)
  t.teardown(() => events.response.destroy())

  const device = await mqtt.connectAsync(mqttUrl, { username: 'any', password: token, reconnectPeriod: 0 })
  t.teardown(() => device.endAsync(true))
  let toDevice = ''
  device.on('message', (_topic, payload) => {
    toDevice += payload.toString()
  })
  await device.subscribeAsync(CHANNEL, { qos: 1 })

  const service = await connectNats({ servers: new URL(natsUrl).host, user: 'any', pass: token })
  t.teardown(() => service.close())
  let toService = ''
  service.subscribe(subject, {
    callback: (_error, message) => {
      toService += message.string()
    }
  })
  await service.flush()

  const script = mosquitto.start('mosquitto_sub', [...toMosquitto, CHANNEL])
  t.teardown(() => void script.kill())
  let toScript = ''
  script.stdout?.on('data', (bytes: Buffer) => {
    toScript += bytes.toString()
  })
  await until('mosquitto_sub has subscribed', 10_000, async () => {
    await device.publishAsync(CHANNEL, 'is anybody there?')
    return toScript.includes('is anybody there?')
  })

  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain' }
  return {
    publishers: {
      http: (body) => fetch(`${gateway}/${CHANNEL}`, { method: 'POST', headers, body }),
      websocket: async (payload) => socket.socket.send(payload),
      mqtt: (payload) => device.publishAsync(CHANNEL, payload, { qos: 1 }),
      mosquitto_pub: (payload) => mosquitto.run('mosquitto_pub', [...toMosquitto, CHANNEL, '-m', payload]),
      nats: async (payload) => {
        service.publish(subject, payload)
        await service.flush()
      }
    },
    subscribers: {
      sse: events.heard,
      websocket: () => socket.messages.join(' '),
      mqtt: () => toDevice,
      mosquitto_sub: () => toScript,
      nats: () => toService
    }
  }
}

test('MQTT and NATS clients of a whole patgate', async (t) => {
  const patgate = await sharedPatgate()
  const admin = await patgate.asAdmin()
  const mosquitto = await openMosquitto()

  await t.test('a message published in each way arrives in each way, the publisher’s own among them', async (t) => {
    const { secret } = await admin.createToken({ scopes: SCOPES })
    const { publishers, subscribers } = await openParties(t, patgate, mosquitto, secret)
    for (const [from, publish] of Object.entries(publishers)) {
      const payload = `<said by ${from}>`
      await publish(payload)
      for (const [to, received] of Object.entries(subscribers)) {
        await until(`${to} hears what ${from} says`, 10_000, async () => received().includes(payload))
        t.pass(`${from} to ${to}`)
      }
    }
    for (const [to, received] of Object.entries(subscribers)) {
      t.equal(received().split('<said by').length, 6, `${to} hears each once`)
    }
  })

  await t.test('a revoked token ends them within a second', async (t) => {
    const token = await admin.createToken({ scopes: SCOPES })
    const device = await mqtt.connectAsync(patgate.run.mqtt_url, {
      password: token.secret,
      username: 'x',
      reconnectPeriod: 0
    })
    const service = await connectNats({
      servers: new URL(patgate.run.nats_url).host,
      token: token.secret,
      reconnect: false
    })
    const ends = [new Promise((resolve) => device.once('close', () => resolve(null))), service.closed()]
    await admin.call(`/v1/tokens/${token.id}/revoke`, { method: 'POST' })
    const answeredAtMs = performance.now()
    await Promise.all(ends)
    const tookMs = Math.round(performance.now() - answeredAtMs)
    t.ok(tookMs < 1_000, `${tookMs} ms after the answer`)
    const recorded = await until('both ends are in the audit log', 20_000, async () => {
      const events = await admin.events(`token=${token.id}&type=channel.disconnected`)
      return events.length === 2 ? events : null
    })
    t.same(
      recorded.map(({ reason }) => reason),
      ['revoked', 'revoked']
    )
  })

  await t.test(
    'NATS stands still: streams of gateways end all the same, clients of NATS once it goes on',
    async (t) => {
      const token = await admin.createToken({ scopes: SCOPES })
      const { mqtt_url: mqttUrl, nats_url: natsUrl, gateway_urls: gateways } = patgate.run
      const device = await mqtt.connectAsync(mqttUrl, { password: token.secret, username: 'x', reconnectPeriod: 0 })
      const service = await connectNats({ servers: new URL(natsUrl).host, token: token.secret, reconnect: false })
      const clientsEnd = Promise.all([
        new Promise<void>((resolve) => device.once('close', () => resolve())),
        service.closed()
      ])
      const sockets = await Promise.all(gateways.map((url) => openSocket(`${url}/${CHANNEL}`, token.secret)))
      const streams = await Promise.all(gateways.map((url) => openEvents(`${url}/${CHANNEL}`, token.secret)))
      const streamsEnd = Promise.all([...sockets.map(({ closed }) => closed), ...streams.map(({ ended }) => ended)])

      const { nats } = (await patgate.readRunFile()).pids
      process.kill(nats, 'SIGSTOP')
      t.teardown(() => process.kill(nats, 'SIGCONT'))
      await admin.call(`/v1/tokens/${token.id}/revoke`, { method: 'POST' })
      const answeredAtMs = performance.now()
      await streamsEnd
      const streamsTookMs = Math.round(performance.now() - answeredAtMs)
      t.ok(streamsTookMs < STREAMS_END_WITHIN_MS + MARGIN_MS, `streams: ${streamsTookMs} ms after the answer`)
      for (const { closed } of sockets) t.match(await closed, { code: 1008, reason: 'revoked' })
      for (const { heard } of streams) t.match(heard(), 'event: revoked')

      process.kill(nats, 'SIGCONT')
      const wokenAtMs = performance.now()
      await clientsEnd
      const clientsTookMs = Math.round(performance.now() - wokenAtMs)
      t.ok(clientsTookMs < CLIENTS_END_WITHIN_MS + MARGIN_MS, `clients: ${clientsTookMs} ms after NATS went on`)
    }
  )

  await t.test('mosquitto is told when it may not', async (t) => {
    const { secret } = await admin.createToken({ scopes: [{ ...BOTH, operations: ['publish'] }] })
    const { hostname, port } = new URL(patgate.run.mqtt_url)
    const as = (password: string) => ['-h', hostname, '-p', port, '-u', 'any', '-P', password, '-t', CHANNEL]
    t.match(await mosquitto.run('mosquitto_pub', [...as(secret), '-m', 'allowed', '-q', '1']), { status: 0 })
    t.match(await mosquitto.run('mosquitto_sub', [...as(secret), '-W', '5', '-C', '1']), { printed: /denied/ })
    t.match(await mosquitto.run('mosquitto_pub', [...as('guessed'), '-m', 'refused']), {
      printed: /not authori[sz]ed/i
    })
    t.match(await mosquitto.run('mosquitto_pub', ['-V', 'mqttv5', ...as(secret), '-m', 'a newer MQTT']), {
      printed: /protocol version/i
    })
  })

  await t.test('the examples of the guide do what they say', async (t) => {
    const { secret } = await admin.createToken({ scopes: SCOPES })
    const { hostname, port } = new URL(patgate.run.mqtt_url)
    const env = {
      ...mosquitto.env,
      MQTT_HOST: hostname,
      MQTT_PORT: port,
      NATS: new URL(patgate.run.nats_url).host,
      TOKEN: secret
    }
    const blocks = [...(await readFile(GUIDE, 'utf8')).matchAll(/```(sh|js)\n(.*?)```/gs)]
    const example = (language: string) => blocks.find(([, of]) => of === language)?.[2] ?? ''
    t.equal((await run('sh', ['-c', example('sh')], { env })).stdout, 'm/demo/c/weather/kitchen 21.5\n')
    const cwd = new URL('.', import.meta.url)
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', example('js')], { env, cwd })
    t.equal(stdout, 'm.demo.c.weather.kitchen 21.5\n')
  })
})
