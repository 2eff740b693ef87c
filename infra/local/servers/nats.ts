import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { checkout, toolsDirectory } from '../home.ts'
import { freePort } from '../ports.ts'
import { supervise } from '../supervisor/supervise.ts'
import { type FindOptions, findServer, type ServerKind } from './find-server.ts'
import { keepCalloutIssuer, keepPasswords, loginOf, type NatsUser, natsUsers } from './nats-users.ts'
import type { Program } from './program.ts'
import { becomeReady, completeOptions, readyServer, type Server, type ServerOptions, serverLog } from './server.ts'
import { converse } from './talk.ts'
import { natsFloors } from './version.ts'

export const natsKind: ServerKind = {
  title: 'nats-server',
  programs: ['nats-server'],
  floors: natsFloors,
  // Debian's releases carry versions below the floor; the one in unstable runs on them.
  debian: { name: 'nats-server', program: 'usr/sbin/nats-server', suite: 'unstable' },
  homebrew: 'nats-server',
  docker: { image: 'nats:2.12-alpine', program: 'nats-server' },
  advice:
    'Install nats-server 2.11.15, 2.12.6 or newer and put it on the PATH (the releases of nats-io/nats-server are single binaries; macOS: brew install nats-server), or give a server with NATS_URL=nats://…'
}

export interface NatsServer extends Server {
  /** The address without a user, as NATS clients reach it. */
  address: string
  mqttAddress: string
  webSocketAddress: string
  /** The address with the name and password of each user. */
  urls: Record<NatsUser, string>
  /** What the token service signs the admission of clients with. */
  calloutSeedFile: string
}

export interface NatsOptions extends ServerOptions {
  /** The server's program, when it has been found before. */
  program?: string
}

export function findNatsServer(options: Partial<FindOptions> = {}): Promise<Program> {
  return findServer(natsKind, { tools: toolsDirectory, report: () => undefined, ...options })
}

/** Starts NATS on free loopback ports as `infra/nats/nats.conf` says; its keys and passwords are made at the first start. */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const { watchdog, report, done, restarts } = completeOptions(options)
  const program = options.program ?? (await findNatsServer({ tools: options.tools ?? toolsDirectory, report })).path
  mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  const pathOf = (name: string) => join(options.directory, name)
  const [port, mqttPort, webSocketPort] = [await freePort(), await freePort(), await freePort()]
  const passwords = keepPasswords(pathOf)
  const calloutSeedFile = pathOf('callout-issuer.seed')
  const settings: Record<string, string> = {
    NATS_NAME: 'patgate-local',
    NATS_LISTEN: `127.0.0.1:${port}`,
    NATS_MQTT_LISTEN: `127.0.0.1:${mqttPort}`,
    NATS_WEBSOCKET_LISTEN: `127.0.0.1:${webSocketPort}`,
    NATS_STORE_DIR: pathOf('jetstream'),
    NATS_CALLOUT_ISSUER: keepCalloutIssuer(calloutSeedFile).publicKey,
    ...Object.fromEntries(natsUsers.map((user) => [passwordVariable(user), passwords[user]]))
  }
  const log = serverLog(pathOf('nats.log'))
  const supervised = supervise(
    {
      name: 'nats',
      command: program,
      args: ['-c', join(checkout, 'infra', 'nats', 'nats.conf')],
      env: { ...process.env, ...quoted(settings) },
      cwd: options.directory,
      stopSignal: 'SIGTERM',
      stopWithinMs: 10_000,
      ...restarts,
      onLine: log.onLine
    },
    watchdog,
    report
  )
  const isReady = async () => (await converse(port, '', /^INFO .*\r\n/)).startsWith('INFO ')
  await becomeReady(supervised, isReady, log.lastLines)
  const url = (user: NatsUser) => `nats://${loginOf(user)}:${passwords[user]}@127.0.0.1:${port}`
  return Object.defineProperties(readyServer(supervised, done), {
    address: { value: `nats://127.0.0.1:${port}` },
    mqttAddress: { value: `mqtt://127.0.0.1:${mqttPort}` },
    webSocketAddress: { value: `ws://127.0.0.1:${webSocketPort}` },
    urls: { value: Object.fromEntries(natsUsers.map((user) => [user, url(user)])) },
    calloutSeedFile: { value: calloutSeedFile }
  }) as NatsServer
}

const passwordVariable = (user: NatsUser): string => `NATS_${user.toUpperCase().replaceAll('-', '_')}_PASSWORD`

/** NATS reads what it takes from the environment as it reads its file, where only quotes make sure that it is a text. */
function quoted(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)]))
}
