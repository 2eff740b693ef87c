import { BlockList } from 'node:net'
import {
  address,
  count,
  databaseEnvironment,
  durationMs,
  durationsMs,
  networks,
  readEnvironment,
  type ServiceSettings,
  secrets,
  serviceEnvironment,
  serviceSettings,
  str
} from '@patgate/service-kit'

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1_000, 60_000, 3_600_000]
/** As Standard Webhooks proposes it: three days in all. */
const RETRY_DELAYS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS)
]

const service = {
  ...databaseEnvironment,
  ...serviceEnvironment({ work: 8082, operations: 9082 }),
  TOKEN_SERVICE_INTERNAL_URL: address(['http', 'https']),
  AUDIT_ORIGIN: str({ desc: 'The name of this log, such as audit.example.com/log: the first line of its checkpoints' }),
  AUDIT_KEY_FILE: str({ desc: 'The Ed25519 key that signs checkpoints, PEM; retired keys may follow in the file' }),
  AUDIT_CHECKPOINT_DIR: str({ desc: 'Where checkpoints are kept out of the reach of the database' }),
  AUDIT_EXPORT_DIR: str({ desc: 'Where large exports are written; replicas share it' }),
  AUDIT_EXPORT_STREAM_LIMIT: count({ default: 1_000_000, desc: 'Exports of more events than this become files' }),
  AUDIT_RETENTION: durationMs({
    default: undefined,
    desc: 'Months of which the last day is longer ago than this are removed, such as 400d; without it nothing ever is'
  }),
  WEBHOOK_SECRETS_KEY: secrets({
    desc: 'Seals the secrets of webhooks in the database; two while it is being replaced: the first seals, both open'
  }),
  WEBHOOK_ALLOWED_NETWORKS: networks({
    default: undefined,
    desc: 'Networks of your own to which webhooks may go, also unencrypted; all others have to be public and encrypted'
  }),
  WEBHOOK_RETRY_DELAYS: durationsMs({
    default: RETRY_DELAYS_MS,
    desc: 'How long to wait before each further attempt, such as 5s,5m,30m; after the last one an event is given up'
  })
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
  /** Null to keep everything. */
  readonly retentionMs: number | null
  readonly webhookSecretsKeys: readonly string[]
  /** Where webhooks may go although it is not public. */
  readonly webhookNetworks: BlockList
  readonly webhookRetryDelaysMs: readonly number[]
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
    exportStreamLimit: read.AUDIT_EXPORT_STREAM_LIMIT,
    retentionMs: read.AUDIT_RETENTION ?? null,
    webhookSecretsKeys: read.WEBHOOK_SECRETS_KEY,
    webhookNetworks: read.WEBHOOK_ALLOWED_NETWORKS ?? new BlockList(),
    webhookRetryDelaysMs: read.WEBHOOK_RETRY_DELAYS
  })
}

/** The migrations run by themselves too, and need nothing but the database. */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv = process.env): string {
  return readEnvironment(databaseEnvironment, environment).DATABASE_URL
}
