import { setTimeout as pause } from 'node:timers/promises'
import { type AuditEvent, type EventBatch, SUBJECTS } from '@patgate/contracts'
import { type Bus, ensureAuditStream, publishBatch } from '@patgate/event-bus'
import type { Logger } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { Database, Write } from '../database/schema.ts'
import { createAlarm } from './alarm.ts'
import { PATIENCE_MS, watchCommits } from './commit-watch.ts'
import { nameGroupsOfBots } from './name-groups.ts'

export interface RelayDeps {
  readonly database: Database
  readonly bus: Bus
  readonly logger: Logger
}

export interface RelayOptions {
  /** What is not stored for this long is sent again. */
  readonly patienceMs?: number
}

/** Carries events from the change log to JetStream until it is stopped. */
export interface Relay {
  /** Something was committed: look now, not at the next poll. */
  wake(): void
  stop(): Promise<void>
}

interface Waiting {
  readonly seq: number
  readonly change_id: string
  readonly event: AuditEvent
}

// Any number will do, as long as every replica takes the same one.
const RELAY_LOCK = 7_280_001
const POLL_MS = 500
/** Whoever commits waits for the holders, which need the processors now; what is recorded may follow, several at a time. */
const GATHER_MS = 20
const MAX_EVENTS = 500
// NATS refuses messages of more than 1 MiB.
const MAX_BYTES = 512 * 1024

/**
 * Publishes what is unrelayed, in order and at least once: a row is marked only after JetStream has stored its event.
 * What the audit service then does not store is sent again, because JetStream may have lost it. One relay at a time across
 * all replicas. Whatever fails, NATS or PostgreSQL, it tells and tries again.
 */
export function startRelay(deps: RelayDeps, { patienceMs = PATIENCE_MS }: RelayOptions = {}): Relay {
  const alarm = createAlarm()
  const commits = watchCommits(deps.bus, patienceMs)
  let isStopped = false
  let isStreamThere = false
  // The batch whose fate is unknown is sent again unchanged, so that JetStream recognises it and stores it once.
  let retryUpTo: number | null = null
  let round = 0

  async function relayBatch(transaction: Write): Promise<'more' | 'done'> {
    if (!(await takeLock(transaction))) return 'done'
    await takeBackWhatWasLost(transaction)
    const batch = await nextBatch(transaction, retryUpTo)
    const last = batch.at(-1)
    if (last === undefined) {
      retryUpTo = null
      return 'done'
    }
    retryUpTo = last.seq
    await publish(
      batch,
      await nameGroupsOfBots(
        transaction,
        batch.map(({ event }) => event)
      )
    )
    commits.sent(last.event.boot, last.event.seq)
    await transaction
      .updateTable('changes')
      .set({ relayed_at: sql`now()` })
      .where('relayed_at', 'is', null)
      .where('seq', '<=', last.seq)
      .execute()
    return 'more'
  }

  async function takeBackWhatWasLost(transaction: Write): Promise<void> {
    const lost = commits.lostBehind()
    if (lost === null) return
    round += 1
    deps.logger.warn(lost, 'events were not stored in time and are sent again')
    await transaction
      .updateTable('changes')
      .set({ relayed_at: null })
      .where('relayed_at', 'is not', null)
      .where(sql<boolean>`event ->> 'boot' = ${lost.boot} and (event ->> 'seq')::bigint > ${lost.seq}`)
      .execute()
  }

  async function publish(rows: readonly Waiting[], events: AuditEvent[]): Promise<void> {
    const connection = await deps.bus.connection
    if (!isStreamThere) await ensureAuditStream(connection)
    isStreamThere = true
    const batch: EventBatch = { version: 1, events }
    // What is sent again because it was lost must not pass for what JetStream remembers to have had.
    const messageId = `${rows[0]?.change_id}..${rows.at(-1)?.change_id}/${round}`
    await publishBatch(connection, SUBJECTS.auditManagement, batch, messageId)
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      let outcome: 'more' | 'done' | 'failed' = 'done'
      if (deps.bus.isConnected()) outcome = await deps.database.transaction().execute(relayBatch).catch(tell)
      if (outcome === 'more') retryUpTo = null
      else {
        await alarm.wait(POLL_MS)
        if (!isStopped) await pause(GATHER_MS)
      }
    }
  }

  function tell(error: unknown): 'failed' {
    isStreamThere = false
    if (!isStopped) deps.logger.warn({ err: error }, 'events could not be relayed yet')
    return 'failed'
  }

  const running = run()
  return {
    wake: alarm.ring,
    async stop() {
      isStopped = true
      alarm.ring()
      await running
    }
  }
}

async function takeLock(transaction: Write): Promise<boolean> {
  const { rows } = await sql<{ is_mine: boolean }>`select pg_try_advisory_xact_lock(${RELAY_LOCK}) as is_mine`.execute(
    transaction
  )
  return rows[0]?.is_mine === true
}

async function nextBatch(transaction: Write, upTo: number | null): Promise<Waiting[]> {
  const rows = await transaction
    .selectFrom('changes')
    .select(['seq', 'change_id', 'event'])
    .where('relayed_at', 'is', null)
    .$if(upTo !== null, (query) => query.where('seq', '<=', upTo))
    .orderBy('seq')
    .limit(MAX_EVENTS)
    .execute()
  let bytes = 0
  const tooMany = rows.findIndex((row, index) => {
    bytes += Buffer.byteLength(JSON.stringify(row.event))
    return index > 0 && bytes > MAX_BYTES
  })
  return tooMany === -1 ? rows : rows.slice(0, tooMany)
}
