import { jetstream, RetentionPolicy } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { AUDIT_STREAM, type EventBatch, type SUBJECTS } from '@patgate/contracts'
import { ensureStream } from './ensure-stream.ts'

type AuditSubject = (typeof SUBJECTS)['auditManagement' | 'auditAccess']

/** Creates the stream of audit events where it is missing; safe to call from every service, again and again. */
export function ensureAuditStream(connection: NatsConnection): Promise<void> {
  return ensureStream(connection, { stream: AUDIT_STREAM, retention: RetentionPolicy.Limits, keptForDays: 7 })
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
