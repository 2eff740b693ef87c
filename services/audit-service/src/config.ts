import { address, port, readEnvironment, secrets, str } from '@patgate/service-kit'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const database = {
  DATABASE_URL: address(['postgres', 'postgresql'])
}

const service = {
  ...database,
  HOST: str({ default: '127.0.0.1', desc: 'Where to listen' }),
  PORT: port({ default: 8082, desc: 'The API; 0 takes a free port' }),
  OPS_PORT: port({ default: 9082, desc: 'Health and metrics; 0 takes a free port' }),
  LOG_LEVEL: str({ choices: LOG_LEVELS, default: 'info' }),
  REDIS_URL: address(['redis', 'rediss']),
  NATS_URL: address(['nats', 'tls']),
  INTERNAL_KEY: secrets({ desc: 'The service credential; the first one is presented, all are accepted' }),
  TOKEN_SERVICE_INTERNAL_URL: address(['http', 'https'])
}

/** Everything the audit service is told from outside, checked whole at start and frozen. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly operationsPort: number
  readonly logLevel: string
  readonly databaseUrl: string
  /** For the queues of webhooks and large exports. */
  readonly redisUrl: string
  readonly natsUrl: string
  readonly internalKeys: readonly string[]
  readonly tokenServiceUrl: string
}

/** Reports every mistake at once, as one `ConfigurationError`. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const read = readEnvironment(service, environment)
  return Object.freeze({
    host: read.HOST,
    port: read.PORT,
    operationsPort: read.OPS_PORT,
    logLevel: read.LOG_LEVEL,
    databaseUrl: read.DATABASE_URL,
    redisUrl: read.REDIS_URL,
    natsUrl: read.NATS_URL,
    internalKeys: read.INTERNAL_KEY,
    tokenServiceUrl: read.TOKEN_SERVICE_INTERNAL_URL
  })
}

/** The migrations run by themselves too, and need nothing but the database. */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv = process.env): string {
  return readEnvironment(database, environment).DATABASE_URL
}
