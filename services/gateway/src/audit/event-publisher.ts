import type { AuditEvent } from '@patgate/contracts'
import { SUBJECTS } from '@patgate/contracts'
import { type Bus, ensureAuditStream, publishBatch } from '@patgate/event-bus'
import type { Logger } from '@patgate/service-kit'

/** Takes events on the hot path and sends them to JetStream behind it. */
export interface EventPublisher {
  /** Never waits and never fails. */
  record(event: AuditEvent): void
  /** Resolves when everything recorded so far is stored. */
  flush(): Promise<void>
  /** Stops sending; what was not flushed before is given up. */
  close(): void
}

export interface EventPublisherOptions {
  readonly bus: Bus
  readonly logger: Logger
  readonly onDropped: (events: number) => void
}

const SEND_EVERY_MS = 100
const BATCH_EVENTS = 500
// A NATS message is at most 1 MiB, and an event with a long path and agent may need a few kilobytes.
const BATCH_BYTES = 768 * 1024
const BYTES_BESIDES_TEXTS = 1_200
const BACKLOG_EVENTS = 50_000

/**
 * Sends batches in the order of recording, one at a time; a batch that could not be stored is sent again, unchanged and
 * under the same id, so that it is stored once. With NATS down events wait, up to a bound; beyond it new ones are
 * dropped and counted, and the hole in their numbers tells the audit service.
 */
export function createEventPublisher({ bus, logger, onDropped }: EventPublisherOptions): EventPublisher {
  const backlog: AuditEvent[] = []
  let unsent: readonly AuditEvent[] = []
  let sending: Promise<boolean> | null = null
  let isStreamKnown = false

  async function sendOne(): Promise<boolean> {
    if (unsent.length === 0) unsent = backlog.splice(0, batchSize(backlog))
    const [first] = unsent
    if (first === undefined) return false
    try {
      const connection = await bus.connection
      if (!isStreamKnown) await ensureAuditStream(connection)
      isStreamKnown = true
      const id = `${first.producer}:${first.boot}:${first.seq}`
      await publishBatch(connection, SUBJECTS.auditAccess, { version: 1, events: [...unsent] }, id)
      unsent = []
      return backlog.length > 0
    } catch (error) {
      // The server may have come back without its streams.
      isStreamKnown = false
      logger.warn({ err: error, waiting: unsent.length + backlog.length }, 'audit events could not be stored yet')
      return false
    }
  }

  async function sendAll(): Promise<boolean> {
    while (await sendOne());
    return unsent.length === 0 && backlog.length === 0
  }

  function send(): Promise<boolean> {
    sending ??= sendAll().finally(() => {
      sending = null
    })
    return sending
  }

  const timer = setInterval(() => void send(), SEND_EVERY_MS)
  timer.unref()

  return {
    record(event) {
      if (backlog.length >= BACKLOG_EVENTS) return onDropped(1)
      backlog.push(event)
      if (backlog.length >= BATCH_EVENTS) void send()
    },
    async flush() {
      await sending
      if (!(await send())) throw new Error('audit events are still waiting')
    },
    close: () => clearInterval(timer)
  }
}

/** How many of the waiting events fit into one message. */
function batchSize(events: readonly AuditEvent[]): number {
  let bytes = 0
  let count = 0
  for (const { request, actor } of events) {
    bytes += BYTES_BESIDES_TEXTS + (request?.path.length ?? 0) + (actor.user_agent?.length ?? 0)
    if (count === BATCH_EVENTS || bytes > BATCH_BYTES) break
    count++
  }
  return count
}
