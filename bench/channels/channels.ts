import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type NatsConnection } from '@nats-io/transport-node'

/**
 * `npm run bench:channels`: deliveries per second of one gateway process to 500 WebSockets on one channel, beside the plain
 * `ws` library and NATS's own fan-out, read by the same process; and the memory of 10,000 idle streams.
 * `npm run bench:channels -- 100 1000 500` makes it smaller: subscribers, messages, idle connections.
 */
const [SUBSCRIBERS = 500, MESSAGES = 10_000, IDLE = 10_000] = process.argv.slice(2).map(Number)
const PAYLOAD = 'x'.repeat(100)
const FRAME_BYTES = 102
const SUBJECT = 'm.demo.c.bench'
const MESSAGE_BYTES = `MSG ${SUBJECT} 1 100\r\n`.length + 102
const UNDER_WAY = 256

const path = (name: string): string => new URL(name, import.meta.url).pathname
const start = (name: string): ChildProcess => fork(path(name), { execArgv: ['--expose-gc'] })

async function heard<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T]
  return message
}

async function read(child: ChildProcess, port: number, count: number, greeting: string, until: string): Promise<void> {
  child.send({ port, count, greeting, until })
  await heard(child)
}

/** Deliveries per second while `publish` runs. */
async function measure(readers: ChildProcess, bytesEach: number, publish: () => Promise<unknown>): Promise<number> {
  readers.send({ bytes: bytesEach * SUBSCRIBERS * MESSAGES })
  await heard(readers)
  const startedAtMs = performance.now()
  const arrived = heard(readers)
  await Promise.all([publish(), arrived])
  return (SUBSCRIBERS * MESSAGES * 1000) / (performance.now() - startedAtMs)
}

const upgrade = (target: string, token: string): string =>
  [
    `GET ${target} HTTP/1.1`,
    'Host: bench',
    `Authorization: Bearer ${token}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    '\r\n'
  ].join('\r\n')
const events = (token: string): string =>
  `GET /m/demo/c/idle HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`
const SWITCHED = '\r\n\r\n'

async function plainWs(): Promise<number> {
  const [server, readers] = [start('plain-ws.ts'), start('readers.ts')]
  const { port } = await heard<{ port: number }>(server)
  await read(readers, port, SUBSCRIBERS, upgrade('/', ''), SWITCHED)
  const rate = await measure(readers, FRAME_BYTES, async () => server.send({ messages: MESSAGES, payload: PAYLOAD }))
  for (const child of [server, readers]) child.kill()
  return rate
}

interface Address {
  readonly port: number
  readonly natsUrl: string
  readonly token: string
}

/** Straight into the stream, so that the gateway's core does nothing but deliver. */
async function throughGateway({ port, natsUrl, token }: Address): Promise<number> {
  const readers = start('readers.ts')
  await read(readers, port, SUBSCRIBERS, upgrade('/m/demo/c/bench?raw=1', token), SWITCHED)
  const nats = await connect({ servers: new URL(natsUrl).host })
  const rate = await measure(readers, FRAME_BYTES, () => publishAll(nats))
  await nats.close()
  readers.kill()
  return rate
}

async function publishAll(nats: NatsConnection): Promise<void> {
  for (let sent = 0; sent < MESSAGES; sent++) {
    nats.publish(SUBJECT, PAYLOAD)
    if (sent % UNDER_WAY === 0) await nats.flush()
  }
  await nats.flush()
}

async function natsCore({ natsUrl }: Address): Promise<number> {
  const readers = start('readers.ts')
  const { host, port } = new URL(natsUrl)
  const greeting = `CONNECT {"verbose":false}\r\nSUB ${SUBJECT} 1\r\nPING\r\n`
  await read(readers, Number(port), SUBSCRIBERS, greeting, 'PONG\r\n')
  const nats = await connect({ servers: host })
  const rate = await measure(readers, MESSAGE_BYTES, () => publishAll(nats))
  await nats.close()
  readers.kill()
  return rate
}

async function memoryOf(gateway: ChildProcess): Promise<number> {
  gateway.send('memory')
  return (await heard<{ bytes: number }>(gateway)).bytes
}

async function idleMemory(gateway: ChildProcess, { port }: Address, greeting: string): Promise<number> {
  const readers = start('readers.ts')
  const before = await memoryOf(gateway)
  await read(readers, port, IDLE, greeting, SWITCHED)
  const after = await memoryOf(gateway)
  readers.kill()
  await once(readers, 'exit')
  return (after - before) / 1024 / 1024
}

const gateway = start('gateway.ts')
const address = await heard<Address>(gateway)
const rates = { gateway: await throughGateway(address), ws: await plainWs(), nats: await natsCore(address) }
const perSecond = (rate: number): string => `${Math.round(rate / 1_000)},000 deliveries/s`
console.log(`${MESSAGES} messages of 100 bytes to ${SUBSCRIBERS} subscribers`)
console.log(`  gateway   ${perSecond(rates.gateway)}`)
console.log(
  `  plain ws  ${perSecond(rates.ws)}   gateway is ${(rates.gateway / rates.ws).toFixed(2)} times that (goal 2.5)`
)
console.log(
  `  NATS core ${perSecond(rates.nats)}   gateway is ${(rates.gateway / rates.nats).toFixed(2)} of that (goal 0.8)`
)
const sockets = await idleMemory(gateway, address, upgrade('/m/demo/c/idle', address.token))
const streams = await idleMemory(gateway, address, events(address.token))
console.log(`${IDLE} idle connections (goal under 400 MB for 10,000)`)
console.log(`  WebSocket ${sockets.toFixed(0)} MB, SSE ${streams.toFixed(0)} MB more than before`)
gateway.send('stop')
