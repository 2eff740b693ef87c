import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { AUDIT_STREAM, type AuditEvent, type EventBatch } from '@patgate/contracts'

/** Reads events about requests from the stream, oldest first, until there are as many as expected. */
export async function readEvents(natsUrl: string, expected: number): Promise<AuditEvent[]> {
  const connection = await connect({ servers: new URL(natsUrl).host })
  try {
    const consumer = await jetstream(connection).consumers.get(AUDIT_STREAM.name)
    const events: AuditEvent[] = []
    while (events.length < expected) {
      const message = await consumer.next({ expires: 5_000 })
      if (message === null) throw new Error(`${events.length} events came, ${expected} were expected`)
      // The first event of a boot tells of its producer, not of a request.
      events.push(...message.json<EventBatch>().events.filter(({ type }) => !type.startsWith('producer.')))
    }
    return events
  } finally {
    await connection.close()
  }
}
