import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { toolsDirectory } from '../home.ts'
import { freePort } from '../ports.ts'
import { keepSecret, randomPassword, writePrivateFile } from '../secrets.ts'
import { supervise } from '../supervisor/supervise.ts'
import { type FindOptions, findServer, type ServerKind } from './find-server.ts'
import { type NatsUser, natsConfiguration } from './nats-configuration.ts'
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
  advice:
    'Install nats-server 2.11.15, 2.12.6 or newer and put it on the PATH (the releases of nats-io/nats-server are single binaries; macOS: brew install nats-server), or give a server with NATS_URL=nats://…'
}

export interface NatsServer extends Server {
  /** The address without a user. */
  address: string
  /** The address with the name and password of each service. */
  urls: Record<NatsUser, string>
}

export interface NatsOptions extends ServerOptions {
  /** The server's program, when it has been found before. */
  program?: string
}

export function findNatsServer(options: Partial<FindOptions> = {}): Promise<Program> {
  return findServer(natsKind, { tools: toolsDirectory, report: () => undefined, ...options })
}

/** Starts NATS with JetStream on a free loopback port, with one user per service and what each may say. */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const { watchdog, report, done } = completeOptions(options)
  const program = options.program ?? (await findNatsServer({ tools: options.tools ?? toolsDirectory, report })).path
  mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  const port = await freePort()
  const secret = (user: NatsUser) => keepSecret(join(options.directory, `${user}.password`), randomPassword)
  const passwords: Record<NatsUser, string> = {
    'token-service': secret('token-service'),
    'audit-service': secret('audit-service'),
    gateway: secret('gateway')
  }
  const configuration = join(options.directory, 'nats.conf')
  const storeDirectory = join(options.directory, 'jetstream')
  writePrivateFile(configuration, natsConfiguration({ port, storeDirectory, passwords }))
  const log = serverLog(join(options.directory, 'nats.log'))
  const supervised = supervise(
    {
      name: 'nats',
      command: program,
      args: ['-c', configuration],
      cwd: options.directory,
      stopSignal: 'SIGTERM',
      stopWithinMs: 10_000,
      onLine: log.onLine
    },
    watchdog,
    report
  )
  const isReady = async () => (await converse(port, '', /^INFO .*\r\n/)).startsWith('INFO ')
  await becomeReady(supervised, isReady, log.lastLines)
  const url = (user: NatsUser) => `nats://${user}:${passwords[user]}@127.0.0.1:${port}`
  return Object.defineProperties(readyServer(supervised, done), {
    address: { value: `nats://127.0.0.1:${port}` },
    urls: {
      value: { 'token-service': url('token-service'), 'audit-service': url('audit-service'), gateway: url('gateway') }
    }
  }) as NatsServer
}
