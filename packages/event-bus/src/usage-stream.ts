import { jetstream, RetentionPolicy } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { SUBJECTS, USAGE_STREAM, type UsageReport } from '@patgate/contracts'
import { ensureStream } from './ensure-stream.ts'

/** Creates the stream of usage reports where it is missing; safe to call from every service, again and again. */
export function ensureUsageStream(connection: NatsConnection): Promise<void> {
  return ensureStream(connection, { stream: USAGE_STREAM, retention: RetentionPolicy.Workqueue, keptForDays: 3 })
}

/** Publishes one report and resolves when JetStream has stored it; the same report sent again is stored once. */
export async function publishUsage(connection: NatsConnection, report: UsageReport): Promise<void> {
  await jetstream(connection).publish(SUBJECTS.usage, JSON.stringify(report), {
    msgID: `${report.boot}:${report.flush}`
  })
}
