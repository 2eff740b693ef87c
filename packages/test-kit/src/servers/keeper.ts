import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNatsServer, type Server, startPostgres, startRedis, startWatchdog } from '@patgate/local'
import type { SharedServers } from './shared-servers.ts'

/*
 * A process of its own: starts PostgreSQL and Redis for one test process, prints where they are, and stops them when
 * its standard input ends. Should it be killed, its watchdog stops them.
 */
const directory = mkdtempSync(join(tmpdir(), 'patgate-test-'))
// PostgreSQL runs as another user when root runs the tests, and has to pass through this folder.
chmodSync(directory, 0o711)
const watchdog = startWatchdog()
const running: Server[] = []
const report = (line: string): void => console.error(line)

process.stdin.resume()
process.stdin.once('end', () => void close(0))
start().catch((error: unknown) => {
  console.error(error)
  void close(1)
})

async function start(): Promise<void> {
  const { path: natsProgram } = await findNatsServer({ report })
  const [postgres, redis] = await Promise.all([
    startPostgres({ directory: join(directory, 'postgres'), watchdog, report }).then(keep),
    startRedis({ directory: join(directory, 'redis'), watchdog, report }).then(keep)
  ])
  const servers: SharedServers = {
    databaseUrl: postgres.url('postgres'),
    redisUrl: redis.url,
    natsProgram,
    scratchDirectory: directory
  }
  console.log(JSON.stringify(servers))
}

function keep<S extends Server>(server: S): S {
  running.push(server)
  return server
}

async function close(status: number): Promise<void> {
  await Promise.allSettled(running.map((server) => server.stop()))
  watchdog.close()
  // The test's own NATS, which ends at the same time, may still be writing here.
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  process.exit(status)
}
