import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freeGatewayPort } from '@patgate/local'
import { createApi, type SessionApi } from './api.ts'
import { until } from './until.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const READY_MS = 90_000
const STOP_MS = 30_000

/** `.patgate/run.json`, as far as tests read it (running.md, "What `npm start` shows"). */
export interface RunFile {
  readonly gateway_url: string
  readonly console_url: string
  readonly forward_auth_url: string
  readonly grpc_url: string
  readonly gateway_urls: readonly string[]
  readonly gateway_ops_urls: readonly string[]
  readonly token_service_url: string
  readonly token_service_urls: readonly string[]
  readonly audit_service_url: string
  readonly database_url: string
  readonly redis_url: string
  readonly nats_url: string
  readonly mqtt_url: string
  readonly admin: { readonly email: string; readonly password: string }
  readonly demo: { readonly group: string; readonly token: string }
  readonly pids: Readonly<Record<Exclude<ProcessName, 'gateway'>, number>> & {
    readonly gateways: readonly number[]
    readonly token_services: readonly number[]
  }
}

export type ProcessName = 'runner' | 'postgres' | 'redis' | 'nats' | 'token_service' | 'audit_service' | 'gateway'

/** A whole patgate of its own: its home, its servers, its services, started by the runner like `npm start` does. */
export interface Patgate {
  readonly home: string
  readonly run: RunFile
  /** Everything the runner and the services have printed so far. */
  output(): string
  /** Reads run.json again; processes that were restarted have new pids. */
  readRunFile(): Promise<RunFile>
  /** A signed-in administrator's API through the first gateway. */
  asAdmin(): Promise<SessionApi>
  stop(): Promise<void>
}

export interface PatgateOptions {
  readonly gateways?: number
  readonly tokenServices?: number
  readonly home?: string
  /** The first gateway's; the console's is 300 above it. One that is free unless said. */
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
}

interface Teardown {
  teardown(handler: () => Promise<void>): void
}

export async function startPatgate(test: Teardown, options: PatgateOptions = {}): Promise<Patgate> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'patgate-acceptance-')))
  const port = options.port ?? (await freeGatewayPort())
  const patgate = await launch(home, port, options)
  test.teardown(async () => {
    await patgate.stop()
    if (options.home === undefined) await rm(home, { recursive: true, force: true })
  })
  return patgate
}

async function launch(home: string, port: number, options: PatgateOptions): Promise<Patgate> {
  const runner = startRunner({
    PATGATE_HOME: home,
    PATGATE_PORT: String(port),
    GATEWAYS: String(options.gateways ?? 1),
    TOKEN_SERVICES: String(options.tokenServices ?? 1),
    ...options.environment
  })
  const readRunFile = async (): Promise<RunFile> => JSON.parse(await readFile(join(home, 'run.json'), 'utf8'))
  const run = await until('the runner says that all is ready', READY_MS, async () => {
    if (runner.process.exitCode !== null) throw new Error(`the runner ended early:\n${runner.output()}`)
    const file = await readRunFile().catch(() => null)
    return file?.pids.runner === runner.process.pid ? file : null
  })
  return {
    home,
    run,
    output: runner.output,
    readRunFile,
    asAdmin: () => createApi(run.gateway_url).signIn(run.admin.email, run.admin.password),
    stop: () => stopRunner(runner.process)
  }
}

export interface Runner {
  readonly process: ChildProcess
  output(): string
}

/** Starts the runner with nothing in its environment that could point it at somebody else's servers. */
export function startRunner(environment: Readonly<Record<string, string>>): Runner {
  const { DATABASE_URL: _database, REDIS_URL: _redis, NATS_URL: _nats, ...inherited } = process.env
  let printed = ''
  const child = spawn(process.execPath, ['infra/local/start.ts'], {
    cwd: ROOT,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const keep = (chunk: Buffer): void => {
    printed += chunk.toString()
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return { process: child, output: () => printed }
}

async function stopRunner(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await until('the runner stops', STOP_MS, async () => child.exitCode !== null || child.signalCode !== null || null)
}
