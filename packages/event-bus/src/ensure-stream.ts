import { jetstreamManager, type RetentionPolicy, StorageType } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'

export interface StreamOptions {
  readonly stream: { readonly name: string; readonly subjects: readonly string[] }
  readonly retention: RetentionPolicy
  readonly keptForDays: number
}

const DAY_NS = 24 * 60 * 60 * 1_000_000_000
/** How long a message sent again under the same id is recognised. */
const TWO_MINUTES_NS = 120 * 1_000_000_000

/** Creates a stream on disk where it is missing; safe to call from every service, again and again. */
export async function ensureStream(
  connection: NatsConnection,
  { stream, retention, keptForDays }: StreamOptions
): Promise<void> {
  const manager = await jetstreamManager(connection)
  await manager.streams.add({
    name: stream.name,
    subjects: [...stream.subjects],
    storage: StorageType.File,
    retention,
    max_age: keptForDays * DAY_NS,
    duplicate_window: TWO_MINUTES_NS
  })
}
