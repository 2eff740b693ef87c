import { AUDIT_STREAM } from '@patgate/contracts'
import { type Bus, consumeDurably, ensureAuditStream } from '@patgate/event-bus'
import type { Logger } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import { repeatEvery } from '../repeat-every.ts'
import type { StoreDeps } from '../store/store-batch.ts'
import { announceCommits, recentProgress } from './announce-commits.ts'
import { ingestMessages } from './ingest-messages.ts'

// A message holds at most a megabyte, so this bounds what is in memory at once.
const MESSAGES_PER_BATCH = 32
const REPEAT_ANNOUNCEMENTS_MS = 5_000
/** While one batch is inserted, the next is read, hashed and copied: two cores, two kinds of work. */
const SIDE_BY_SIDE = 2

export interface IngestingDeps extends StoreDeps {
  readonly database: Kysely<AuditDatabase>
  readonly bus: Bus
  readonly logger: Logger
}

export interface Ingesting {
  /** Finishes the batch in hand and takes no other. */
  stop(): Promise<void>
}

/** Consumes the stream of audit events and announces what is committed, until stopped, through every outage. */
export function startIngesting(deps: IngestingDeps): Ingesting {
  const { bus, logger } = deps
  const stopping = new AbortController()
  const consume = () =>
    consumeDurably({
      bus,
      stream: AUDIT_STREAM.name,
      consumer: AUDIT_STREAM.consumer,
      ensureStream: ensureAuditStream,
      batchSize: MESSAGES_PER_BATCH,
      signal: stopping.signal,
      onError: (err) => logger.warn({ err }, 'ingesting failed and is tried again'),
      async onMessages(messages) {
        const { progress, parked } = await ingestMessages(deps, messages)
        for (const { subject, reason } of parked) logger.error({ subject, reason }, 'parked what cannot be stored')
        announceCommits(await bus.connection, progress)
      }
    })
  const consuming = Promise.all(Array.from({ length: SIDE_BY_SIDE }, consume))
  const repeating = repeatEvery(
    REPEAT_ANNOUNCEMENTS_MS,
    async () => {
      if (bus.isConnected()) announceCommits(await bus.connection, await recentProgress(deps.database))
    },
    (err) => logger.warn({ err }, 'the announcement of commits failed and is tried again')
  )

  return {
    async stop() {
      stopping.abort()
      await repeating.stop()
      // Before the first connection there is no batch in hand, and nothing that would ever end the consuming.
      if (bus.isConnected()) await consuming
    }
  }
}
