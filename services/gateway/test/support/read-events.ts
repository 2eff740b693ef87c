import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { AUDIT_STREAM, type AuditEvent, type EventBatch } from '@patgate/contracts'
import { ensureAuditStream } from '@patgate/event-bus'

const PATIENCE_MS = 15_000

/**
 * Reads events about requests from the stream, as they arrived, until there are as many as expected, or those it waits for. JetStream may hold one
 * twice, as after an outage; the audit service stores each (boot, seq) once, and so does this.
 */
export async function readEvents(
  natsUrl: string,
  expected: number | ((events: readonly AuditEvent[]) => boolean)
): Promise<AuditEvent[]> {
  const areEnough = typeof expected === 'number' ? ({ length }: readonly AuditEvent[]) => length >= expected : expected
  const connection = await connect({ servers: new URL(natsUrl).host })
  try {
    // The gateway may not have made it yet.
    await ensureAuditStream(connection)
    const consumer = await jetstream(connection).consumers.get(AUDIT_STREAM.name)
    const events = new Map<string, AuditEvent>()
    while (!areEnough([...events.values()])) {
      const message = await consumer.next({ expires: PATIENCE_MS })
      if (message === null) throw new Error(`${events.size} events came, and not those that were expected`)
      // The first event of a boot tells of its producer, not of a request.
      for (const event of message.json<EventBatch>().events) {
        if (!event.type.startsWith('producer.')) events.set(`${event.boot}/${event.seq}`, event)
      }
    }
    return [...events.values()]
  } finally {
    await connection.close()
  }
}
