import { PositionQuestion, ProducerHeartbeat, SUBJECTS } from '@patgate/contracts'
import type { Bus, NatsConnection } from '@patgate/event-bus'
import type { Logger } from '@patgate/service-kit'
import { type Kysely, sql } from 'kysely'
import { Compile } from 'typebox/compile'
import type { AuditDatabase } from '../database/schema.ts'
import { announceCommits } from '../ingest/announce-commits.ts'

export interface HearProducersDeps {
  readonly database: Kysely<AuditDatabase>
  readonly bus: Bus
  readonly logger: Logger
}

// One replica hears each message; which one does not matter.
const QUEUE = 'audit-service'

const question = Compile(PositionQuestion)
const heartbeat = Compile(ProducerHeartbeat)

/** Answers producers that ask how far they are stored, and notes that they live. Ends with the connection. */
export function hearProducers({ database, bus, logger }: HearProducersDeps): void {
  const onConnection = (connection: NatsConnection): void => {
    listen(connection, SUBJECTS.auditPosition, async (data) => {
      if (question.Check(data)) announceCommits(connection, [await positionOf(database, data)])
    })
    listen(connection, SUBJECTS.auditHeartbeat, async (data) => {
      if (heartbeat.Check(data)) await noteHeartbeat(database, data)
    })
  }
  // Rejects only when the service ends before it was ever connected.
  bus.connection.then(onConnection, () => undefined)

  function listen(connection: NatsConnection, subject: string, hear: (data: unknown) => Promise<void>): void {
    connection.subscribe(subject, {
      queue: QUEUE,
      callback(error, message) {
        if (error !== null) return
        hear(parse(message.data)).catch((err: unknown) => logger.debug({ err, subject }, 'a producer was not heard'))
      }
    })
  }
}

async function positionOf(database: Kysely<AuditDatabase>, { producer, boot }: PositionQuestion) {
  const row = await database
    .selectFrom('audit_progress')
    .select('contiguous_seq')
    .where('producer', '=', producer)
    .where('boot', '=', boot)
    .executeTakeFirst()
  return { producer, boot, contiguousSeq: row?.contiguous_seq ?? 0 }
}

async function noteHeartbeat(database: Kysely<AuditDatabase>, { producer, boot, last_seq }: ProducerHeartbeat) {
  await database
    .insertInto('audit_boots')
    .values({ producer, boot, told_seq: last_seq, has_begun: true })
    .onConflict((conflict) =>
      conflict.columns(['producer', 'boot']).doUpdateSet({
        heard_at: sql<Date>`now()`,
        has_begun: true,
        told_seq: sql<number>`greatest(audit_boots.told_seq, excluded.told_seq)`
      })
    )
    .execute()
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return null
  }
}
