import { setImmediate as nextTurn } from 'node:timers/promises'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { type Teardown, until } from '@patgate/test-kit'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { Nats } from './place.ts'

/** What a client of either kind can try, and what came of it. */
export interface ChannelClient {
  readonly kind: 'nats' | 'mqtt'
  /** Whether the server accepted the subscription. */
  subscribe(topic: string): Promise<boolean>
  /** Sends, and waits until the server has taken it or said no. MQTT has no way to say no. */
  publish(topic: string, payload: string): Promise<boolean>
  /** Payloads that were received, in their order. */
  readonly received: string[]
  /** True once the server has closed the connection. */
  isClosed(): boolean
  close(): Promise<void>
}

export type ConnectClient = (t: Teardown, nats: Nats, password: string) => Promise<ChannelClient>

/** Rejects when the client is not let in; never connects again by itself. */
export const connectNats: ConnectClient = async (t, nats, password) => {
  const connection = await connectNatsWith(nats, { user: 'anything', pass: password })
  t.teardown(() => connection.close())
  const received: string[] = []
  const refused = new Set<string>()
  let isClosed = false
  void connection.closed().then(() => {
    isClosed = true
  })
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error' && 'subject' in status.error) refused.add(String(status.error.subject))
    }
  })()
  return {
    kind: 'nats',
    received,
    isClosed: () => isClosed,
    async subscribe(topic) {
      const subject = subjectOf(topic)
      let isRefused = false
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) received.push(message.string())
          else isRefused = true
        }
      })
      await connection.flush()
      return !isRefused
    },
    async publish(topic, payload) {
      const subject = subjectOf(topic)
      refused.delete(subject)
      connection.publish(subject, payload)
      await connection.flush()
      // The refusal came before the flush was answered, and is told a turn later.
      await nextTurn()
      return !refused.has(subject)
    },
    close: () => connection.close()
  }
}

export function connectNatsWith(nats: Nats, options: object): Promise<NatsConnection> {
  return connect({ servers: nats.address, reconnect: false, ...options })
}

export const connectMqtt: ConnectClient = async (t, nats, password) => {
  const received: string[] = []
  const client = await connectMqttWith(nats, { password }, (payload) => received.push(payload))
  t.teardown(() => client.endAsync(true))
  const closed = new Promise<void>((resolve) => client.once('close', resolve))
  let isClosed = false
  void closed.then(() => {
    isClosed = true
  })
  return {
    kind: 'mqtt',
    received,
    isClosed: () => isClosed,
    subscribe: (topic) =>
      client.subscribeAsync(topic).then(
        () => true,
        () => false
      ),
    publish: (topic, payload) =>
      Promise.race([client.publishAsync(topic, payload, { qos: 1 }).then(() => true), closed.then(() => false)]),
    close: () => client.endAsync()
  }
}

/** What waits in a session arrives with the connection: it is told to `onMessage` from the beginning. */
export async function connectMqttWith(
  nats: Nats,
  options: IClientOptions,
  onMessage: (payload: string) => void = () => undefined,
  address = nats.mqttAddress
): Promise<MqttClient> {
  const client = mqtt.connect(address, { reconnectPeriod: 0, username: 'anything', ...options })
  client.on('message', (_topic, payload) => onMessage(payload.toString()))
  const connected = Promise.withResolvers<void>()
  client.once('connect', () => connected.resolve())
  client.on('error', connected.reject)
  client.once('close', () => connected.reject(new Error('the server closed the connection')))
  await connected.promise
  return client
}

export const CLIENTS: Readonly<Record<'nats' | 'mqtt', ConnectClient>> = { nats: connectNats, mqtt: connectMqtt }

export const receives = (client: ChannelClient, payload: string): Promise<unknown> =>
  until(() => client.received.includes(payload), { message: `${client.kind} receives ${payload}` })

/** A topic as NATS spells it, wildcards too. */
function subjectOf(topic: string): string {
  return topic.replaceAll('/', '.').replaceAll('+', '*').replaceAll('#', '>')
}
