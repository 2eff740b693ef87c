import { jetstream, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { AUDIT_STREAM, type EventBatch, type SUBJECTS } from '@patgate/contracts'

type AuditSubject = (typeof SUBJECTS)['auditManagement' | 'auditAccess']

const SEVEN_DAYS_NS = 7 * 24 * 60 * 60 * 1_000_000_000
const TWO_MINUTES_NS = 120 * 1_000_000_000

/** Creates the stream of audit events where it is missing; safe to call from every service, again and again. */
export async function ensureAuditStream(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection)
  await manager.streams.add({
    name: AUDIT_STREAM.name,
    subjects: [...AUDIT_STREAM.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_age: SEVEN_DAYS_NS,
    duplicate_window: TWO_MINUTES_NS
  })
}

/**
 * Publishes one batch and resolves when JetStream has stored it. `messageId` must be the same for the same events,
 * so that a batch sent twice is stored once.
 */
export async function publishBatch(
  connection: NatsConnection,
  subject: AuditSubject,
  batch: EventBatch,
  messageId: string
): Promise<void> {
  await publishEncodedBatch(connection, subject, Buffer.from(JSON.stringify(batch)), messageId)
}

/** The same for a batch that is JSON already, so that a gateway never parses what it has once written. */
export async function publishEncodedBatch(
  connection: NatsConnection,
  subject: AuditSubject,
  batch: Uint8Array,
  messageId: string
): Promise<void> {
  await jetstream(connection).publish(subject, batch, { msgID: messageId })
}
