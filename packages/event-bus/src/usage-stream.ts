import { jetstream, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { SUBJECTS, USAGE_STREAM, type UsageReport } from '@patgate/contracts'

const THREE_DAYS_NS = 3 * 24 * 60 * 60 * 1_000_000_000
const TWO_MINUTES_NS = 120 * 1_000_000_000

/** Creates the stream of usage reports where it is missing; safe to call from every service, again and again. */
export async function ensureUsageStream(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection)
  await manager.streams.add({
    name: USAGE_STREAM.name,
    subjects: [...USAGE_STREAM.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Workqueue,
    max_age: THREE_DAYS_NS,
    duplicate_window: TWO_MINUTES_NS
  })
}

/** Publishes one report and resolves when JetStream has stored it; the same report sent again is stored once. */
export async function publishUsage(connection: NatsConnection, report: UsageReport): Promise<void> {
  await jetstream(connection).publish(SUBJECTS.usage, JSON.stringify(report), {
    msgID: `${report.boot}:${report.flush}`
  })
}
