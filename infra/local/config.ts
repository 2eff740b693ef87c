import { join, resolve } from 'node:path'
import { checkout } from './home.ts'
import { LONGEST_PAUSE_MS } from './supervisor/supervise.ts'

/** What a person may choose for `npm start`; everything has a default. */
export interface RunnerConfig {
  /** Where this instance keeps its data (`PATGATE_HOME`). */
  home: string
  /** The first gateway's port; the next free one is taken when somebody listens there (`PATGATE_PORT`). */
  port: number
  /** The routes and upstreams (`PATGATE_CONFIG`). */
  patgateYaml: string
  adminEmail: string
  /** Undefined: a password is generated at the first start. */
  adminPassword: string | undefined
  /** How many gateways run side by side (`GATEWAYS`). */
  gateways: number
  /** How many token services work on the same data; gateway i talks to token service i mod n (`TOKEN_SERVICES`). */
  tokenServices: number
  /** Where their internal ports are, for whoever stands in between; free ones otherwise (`TOKEN_SERVICE_INTERNAL_PORTS`). */
  internalPorts: readonly number[]
  /** What gateway i asks instead of its token service's internal port; empty: that port itself (`TOKEN_SERVICE_LINKS`). */
  tokenServiceLinks: readonly string[]
  logLevel: string
  /** What crashes again and again is started again after ever longer pauses, up to this (`LONGEST_RESTART_PAUSE_MS`). */
  longestRestartPauseMs: number
  /** Servers that somebody else runs, used as they are. */
  external: { databaseUrl?: string; redisUrl?: string; natsUrl?: string }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the environment and reports every mistake at once. Relative paths count from where the command was given. */
export function loadConfig(environment: Environment): Readonly<RunnerConfig> {
  const mistakes: string[] = []
  const given = (name: string) => environment[name] || undefined
  const integer = (name: string, fallback: number, lowest: number, highest: number): number => {
    const value = Number(given(name) ?? fallback)
    if (Number.isInteger(value) && value >= lowest && value <= highest) return value
    mistakes.push(`${name} must be a whole number from ${lowest} to ${highest}, not "${given(name)}"`)
    return fallback
  }
  const path = (name: string, fallback: string) => resolve(given(name) ?? join(checkout, fallback))
  const list = (name: string) => given(name)?.split(',') ?? []
  const server = (key: string, name: string) => (given(name) === undefined ? {} : { [key]: given(name) })

  const config: RunnerConfig = {
    home: path('PATGATE_HOME', '.patgate'),
    port: integer('PATGATE_PORT', 8080, 1, 65_000),
    patgateYaml: path('PATGATE_CONFIG', 'patgate.yaml'),
    adminEmail: given('PATGATE_ADMIN_EMAIL') ?? 'admin@patgate.local',
    adminPassword: given('PATGATE_ADMIN_PASSWORD'),
    gateways: integer('GATEWAYS', 1, 1, 20),
    tokenServices: integer('TOKEN_SERVICES', 1, 1, 10),
    internalPorts: list('TOKEN_SERVICE_INTERNAL_PORTS').map(Number),
    tokenServiceLinks: list('TOKEN_SERVICE_LINKS'),
    logLevel: given('LOG_LEVEL') ?? 'info',
    longestRestartPauseMs: integer('LONGEST_RESTART_PAUSE_MS', LONGEST_PAUSE_MS, 250, 600_000),
    external: {
      ...server('databaseUrl', 'DATABASE_URL'),
      ...server('redisUrl', 'REDIS_URL'),
      ...server('natsUrl', 'NATS_URL')
    }
  }
  if (!config.internalPorts.every((port) => Number.isInteger(port) && port > 0 && port < 65_536))
    mistakes.push('TOKEN_SERVICE_INTERNAL_PORTS must be port numbers, separated by commas')
  if (!config.tokenServiceLinks.every((link) => link === '' || URL.canParse(link)))
    mistakes.push('TOKEN_SERVICE_LINKS must be addresses, separated by commas; an empty one stands for no link')
  if (!config.adminEmail.includes('@')) mistakes.push('PATGATE_ADMIN_EMAIL must be an email address')
  if (mistakes.length > 0)
    throw new Error(`The environment is not usable:\n${mistakes.map((line) => `  - ${line}`).join('\n')}`)
  return Object.freeze(config)
}
