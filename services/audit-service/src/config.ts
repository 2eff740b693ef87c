import { address, num, port, readEnvironment, secrets, str } from '@patgate/service-kit'

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
  REDIS_PREFIX: str({ default: 'patgate', desc: 'Every key in Redis begins with this' }),
  NATS_URL: address(['nats', 'tls']),
  INTERNAL_KEY: secrets({ desc: 'The service credential; the first one is presented, all are accepted' }),
  TOKEN_SERVICE_INTERNAL_URL: address(['http', 'https']),
  AUDIT_ORIGIN: str({ desc: 'The name of this log, such as audit.example.com/log: the first line of its checkpoints' }),
  AUDIT_KEY_FILE: str({ desc: 'The Ed25519 key that signs checkpoints, PEM; retired keys may follow in the file' }),
  AUDIT_CHECKPOINT_DIR: str({ desc: 'Where checkpoints are kept out of the reach of the database' }),
  AUDIT_EXPORT_DIR: str({ desc: 'Where large exports are written; replicas share it' }),
  AUDIT_EXPORT_STREAM_LIMIT: num({ default: 1_000_000, desc: 'Exports of more events than this become files' })
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
  readonly redisPrefix: string
  readonly natsUrl: string
  readonly internalKeys: readonly string[]
  readonly tokenServiceUrl: string
  readonly auditOrigin: string
  readonly auditKeyFile: string
  readonly checkpointDirectory: string
  readonly exportDirectory: string
  /** In events. */
  readonly exportStreamLimit: number
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
    redisPrefix: read.REDIS_PREFIX,
    natsUrl: read.NATS_URL,
    internalKeys: read.INTERNAL_KEY,
    tokenServiceUrl: read.TOKEN_SERVICE_INTERNAL_URL,
    auditOrigin: read.AUDIT_ORIGIN,
    auditKeyFile: read.AUDIT_KEY_FILE,
    checkpointDirectory: read.AUDIT_CHECKPOINT_DIR,
    exportDirectory: read.AUDIT_EXPORT_DIR,
    exportStreamLimit: read.AUDIT_EXPORT_STREAM_LIMIT
  })
}

/** The migrations run by themselves too, and need nothing but the database. */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv = process.env): string {
  return readEnvironment(database, environment).DATABASE_URL
}
