import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { toolsDirectory } from '../home.ts'
import { freePort } from '../ports.ts'
import { keepSecret, randomPassword, writePrivateFile } from '../secrets.ts'
import { supervise } from '../supervisor/supervise.ts'
import { type FindOptions, findServer, type ServerKind } from './find-server.ts'
import type { Program } from './program.ts'
import { becomeReady, completeOptions, readyServer, type Server, type ServerOptions, serverLog } from './server.ts'
import { converse } from './talk.ts'
import { redisFloors } from './version.ts'

export const redisKind: ServerKind = {
  title: 'Redis',
  programs: ['redis-server', 'valkey-server'],
  floors: redisFloors,
  debian: { name: 'redis-server', program: 'usr/bin/redis-server', suite: 'own' },
  homebrew: 'redis',
  docker: { image: 'redis:8-alpine', program: 'redis-server' },
  advice: `Install Redis 6.2 or newer, or Valkey (Debian, Ubuntu: apt install redis-server; Fedora: dnf install valkey; macOS: brew install redis), or give a server with REDIS_URL=redis://…`
}

export interface RedisServer extends Server {
  url: string
}

export function findRedis(options: FindOptions): Promise<Program> {
  return findServer(redisKind, options)
}

/** Starts Redis on a free loopback port, with a generated password, an append-only file, and no eviction. */
export async function startRedis(options: ServerOptions): Promise<RedisServer> {
  const { watchdog, report, done, restarts } = completeOptions(options)
  const program = await findRedis({ tools: options.tools ?? toolsDirectory, report })
  mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  const password = keepSecret(join(options.directory, 'password'), randomPassword)
  const port = await freePort()
  const configuration = join(options.directory, 'redis.conf')
  writePrivateFile(
    configuration,
    [
      'bind 127.0.0.1',
      `port ${port}`,
      `requirepass ${password}`,
      `dir ${JSON.stringify(options.directory)}`,
      'appendonly yes',
      // Queues live here: dropping a key to save memory would lose a job.
      'maxmemory-policy noeviction',
      'databases 1024'
    ].join('\n')
  )
  const log = serverLog(join(options.directory, 'redis.log'))
  const supervised = supervise(
    {
      name: 'redis',
      command: program.path,
      args: [configuration],
      env: { ...process.env, ...program.env },
      cwd: options.directory,
      stopSignal: 'SIGTERM',
      stopWithinMs: 10_000,
      ...restarts,
      onLine: log.onLine
    },
    watchdog,
    report
  )
  const isReady = async () => (await converse(port, `AUTH ${password}\r\nPING\r\n`, /PONG|LOADING/)).includes('PONG')
  await becomeReady(supervised, isReady, log.lastLines)
  return Object.defineProperties(readyServer(supervised, done), {
    url: { value: `redis://:${password}@127.0.0.1:${port}` }
  }) as RedisServer
}
