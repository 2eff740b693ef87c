import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../ports.ts'
import { keepSecret, randomPassword } from '../secrets.ts'
import { supervise } from '../supervisor/supervise.ts'
import { databaseUrl, isAnswering } from './database.ts'
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts'
import { becomeReady, completeOptions, readyServer, type Server, type ServerOptions, serverLog } from './server.ts'
import { asOrdinaryUser, ordinaryUser } from './unprivileged.ts'

const run = promisify(execFile)

export interface PostgresServer extends Server {
  /** The superuser's URL of one database on this server. */
  url(database: string): string
}

export interface PostgresOptions extends ServerOptions {
  /** Settings as in `postgresql.conf`. */
  settings?: Record<string, string>
}

const superuser = 'patgate'

/**
 * Starts PostgreSQL on a free loopback port. The superuser's password is generated with the data folder and kept
 * beside it, readable by its owner only; every connection has to give it.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { watchdog, report, done, restarts } = completeOptions(options)
  const binaries = await findPostgres(report)
  mkdirSync(options.directory, { recursive: true, mode: 0o711 })
  const cluster = join(options.directory, 'cluster')
  const password = keepSecret(join(options.directory, 'password'), randomPassword)
  if (!existsSync(join(cluster, 'PG_VERSION'))) await createCluster(binaries, cluster, password)

  const port = await freePort()
  const log = serverLog(join(options.directory, 'postgres.log'))
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    // Readers of the database must never see a time zone or language of the machine's.
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings
  }
  const args = ['-D', cluster, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])]
  const asUser = await asOrdinaryUser(binaries.postgres, args, [binaries.postgres, cluster])
  const supervised = supervise(
    // SIGINT is PostgreSQL's "fast shutdown": it does not wait for clients to leave.
    {
      name: 'postgres',
      ...asUser,
      cwd: '/',
      stopSignal: 'SIGINT',
      stopWithinMs: 15_000,
      ...restarts,
      onLine: log.onLine
    },
    watchdog,
    report
  )
  const url = (database: string) => databaseUrl({ user: superuser, password, port, database })
  await becomeReady(supervised, () => isAnswering(url('postgres')), log.lastLines)
  return Object.defineProperties(readyServer(supervised, done), { url: { value: url } }) as PostgresServer
}

/** Runs `initdb` in a draft folder, so that an interrupted first start leaves no half-made cluster. */
async function createCluster(binaries: PostgresBinaries, cluster: string, password: string): Promise<void> {
  const draft = `${cluster}.draft`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  const passwordFile = `${cluster}.password`
  writeFileSync(passwordFile, password, { mode: 0o600 })
  const user = ordinaryUser()
  if (user !== undefined) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid)

  const args = [
    `--pgdata=${draft}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions'
  ]
  const asUser = await asOrdinaryUser(binaries.initdb, args, [binaries.initdb, draft])
  try {
    await run(asUser.command, asUser.args, { cwd: '/', ...identity(asUser) })
    await run('mv', [draft, cluster])
  } catch (error) {
    throw new Error(`PostgreSQL could not create its data folder: ${error instanceof Error ? error.message : error}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function identity(asUser: { uid?: number; gid?: number }): { uid?: number; gid?: number } {
  return asUser.uid === undefined || asUser.gid === undefined ? {} : { uid: asUser.uid, gid: asUser.gid }
}
