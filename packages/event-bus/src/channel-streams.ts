import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  StorageType,
  type StreamConfig
} from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { CHANNEL_STREAM, INTAKE_STREAM } from '@patgate/contracts'

export interface ChannelStreamsOptions {
  /** How long a message can be replayed. */
  readonly maxAgeMs: number
  /** How many bytes of messages are kept; -1 for no limit but the disk's. */
  readonly maxBytes: number
  readonly replicas: number
  /** Whether NATS has the accounts of `infra/nats/nats.conf`, without which there are no MQTT and NATS clients. */
  readonly hasIntake: boolean
}

const MS_IN_NS = 1_000_000
/** How long an `Idempotency-Key` is remembered. */
const DUPLICATE_WINDOW_MS = 120_000
/** The least that NATS takes: clients know nothing of each other's ids, and must not have to. */
const LEAST_DUPLICATE_WINDOW_MS = 100
/** A message is copied within milliseconds; this long it waits for a server that is away. */
const INTAKE_MAX_AGE_MS = 300_000

/**
 * Creates the streams of channels where they are missing, and sets their retention; safe to call from every gateway,
 * again and again.
 *
 * What gateways publish is stored in `CHANNEL_STREAM` and acknowledged. What MQTT and NATS clients publish comes in by
 * `INTAKE_STREAM`, which acknowledges nothing, because they name the subject where the answer would go, and is copied
 * from there (docs/decisions/0020-accounts-of-channels.md). A copied message has the header `Nats-Stream-Source`, and
 * is no repetition of another by its `Nats-Msg-Id`.
 */
export async function ensureChannelStreams(connection: NatsConnection, options: ChannelStreamsOptions): Promise<void> {
  const { maxAgeMs, maxBytes, replicas, hasIntake } = options
  const common = { storage: StorageType.File, max_bytes: maxBytes, num_replicas: replicas, ...WITHOUT_POWERS }
  const { api, deliver, name } = INTAKE_STREAM
  if (hasIntake) {
    await ensure(await jetstreamManager(connection, { apiPrefix: api, checkAPI: false }), {
      ...common,
      name,
      subjects: [...INTAKE_STREAM.subjects],
      no_ack: true,
      max_age: Math.min(INTAKE_MAX_AGE_MS, maxAgeMs) * MS_IN_NS,
      duplicate_window: LEAST_DUPLICATE_WINDOW_MS * MS_IN_NS
    })
  }
  await ensure(await jetstreamManager(connection), {
    ...common,
    name: CHANNEL_STREAM.name,
    subjects: [...CHANNEL_STREAM.subjects],
    max_age: maxAgeMs * MS_IN_NS,
    duplicate_window: Math.min(DUPLICATE_WINDOW_MS, maxAgeMs) * MS_IN_NS,
    ...(hasIntake ? { sources: [{ name, external: { api, deliver } }] } : {})
  })
}

/** No header of a message may do more than describe it, and nothing is read but through a consumer. */
const WITHOUT_POWERS = {
  allow_rollup_hdrs: false,
  allow_msg_ttl: false,
  allow_direct: false
} as const satisfies Partial<StreamConfig>

async function ensure(manager: JetStreamManager, config: Partial<StreamConfig> & { name: string }): Promise<void> {
  const exists = await manager.streams.info(config.name).then(
    () => true,
    (error: unknown) => {
      if (isNotFound(error)) return false
      throw error
    }
  )
  await (exists ? manager.streams.update(config.name, config) : manager.streams.add(config))
}

function isNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound
}
