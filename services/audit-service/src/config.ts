import {
  address,
  count,
  databaseEnvironment,
  readEnvironment,
  type ServiceSettings,
  serviceEnvironment,
  serviceSettings,
  str
} from '@patgate/service-kit'

const service = {
  ...databaseEnvironment,
  ...serviceEnvironment({ work: 8082, operations: 9082 }),
  TOKEN_SERVICE_INTERNAL_URL: address(['http', 'https']),
  AUDIT_ORIGIN: str({ desc: 'The name of this log, such as audit.example.com/log: the first line of its checkpoints' }),
  AUDIT_KEY_FILE: str({ desc: 'The Ed25519 key that signs checkpoints, PEM; retired keys may follow in the file' }),
  AUDIT_CHECKPOINT_DIR: str({ desc: 'Where checkpoints are kept out of the reach of the database' }),
  AUDIT_EXPORT_DIR: str({ desc: 'Where large exports are written; replicas share it' }),
  AUDIT_EXPORT_STREAM_LIMIT: count({ default: 1_000_000, desc: 'Exports of more events than this become files' })
}

/** Everything the audit service is told from outside, checked whole at start and frozen. */
export interface Config extends ServiceSettings {
  readonly databaseUrl: string
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
    ...serviceSettings(read),
    databaseUrl: read.DATABASE_URL,
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
  return readEnvironment(databaseEnvironment, environment).DATABASE_URL
}
