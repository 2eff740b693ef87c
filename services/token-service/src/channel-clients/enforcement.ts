import type { RoleLadder } from '@patgate/domain'
import type { Bus } from '@patgate/event-bus'
import type { Logger } from '@patgate/service-kit'
import { sql } from 'kysely'
import { type Alarm, createAlarm } from '../changes/alarm.ts'
import type { ConnectionRow } from '../database/channel-tables.ts'
import { readTokenAnswer } from '../resolve/resolve-token.ts'
import type { ChannelMetrics } from './channel-metrics.ts'
import { changesAfter, confirmConnections, connectionsTouchedBy, markEnding } from './connections.ts'
import { type End, type EndDeps, endConnections } from './end-connections.ts'
import { kickClient } from './kick-client.ts'
import { reviewConnection } from './review-connection.ts'

export interface EnforcementDeps extends EndDeps {
  readonly system: Bus
  readonly logger: Logger
  readonly metrics: ChannelMetrics
  readonly ladder: () => RoleLadder
}

/** Ends connections whose rights have changed, until it is stopped. */
export interface Enforcement {
  /** Something was committed: look now, not at the next poll. */
  wake(): void
  /** The roles mean something else now: look at every connection. */
  reviewAll(): void
  stop(): Promise<void>
}

/** Every replica looks this often, so that one that dies right after a commit is made up for within the second. */
const POLL_MS = 400
const SWEEP_EVERY_MS = 5_000
const MOST_CHANGES = 500
const MOST_KICKS = 1_000
/** The server answers within milliseconds or not at all. */
const KICK_AGAIN_MS = 1_000
/** What the server tells of an end comes within this time, or is lost. */
const WORD_OF_END_MS = 5_000
/** The server ends a connection with its user JWT; its clock may differ from ours. */
const CLOCK_MARGIN_MS = 30_000

/**
 * Follows the change log like every holder, by the database itself: NATS is what it works on, and nothing it depends on
 * to know. All that it has decided is in the rows, so that any replica goes on where another one stopped.
 */
export function startEnforcement(deps: EnforcementDeps): Enforcement {
  const { database, clock, logger, ladder } = deps
  const alarm: Alarm = createAlarm()
  const kicks = new Set<Promise<void>>()
  let isStopped = false
  let isReviewDue = false
  let sweptAtMs = 0
  /** Up to which change this process has looked; null before the first look. */
  let seenSeq: number | null = null

  async function reviewChanges(): Promise<void> {
    seenSeq = await whereToBegin(deps, seenSeq)
    for (;;) {
      const changes = await changesAfter(database, seenSeq, MOST_CHANGES)
      const last = changes.at(-1)
      if (last === undefined) return
      await reviewRows(await connectionsTouchedBy(database, changes))
      seenSeq = last.seq
    }
  }

  /** The connections of one secret are looked at together: they are what one revocation touches. */
  async function reviewRows(rows: readonly ConnectionRow[]): Promise<void> {
    for (const [digest, same] of Map.groupBy(rows, (row) => row.digest.toString('hex'))) {
      const answer = await readTokenAnswer(deps, Buffer.from(digest, 'hex'))
      const circumstances = { ladder: ladder(), nowMs: clock.now() }
      const verdicts = Map.groupBy(same, (row) => reviewConnection(row, answer, circumstances))
      for (const [verdict, judged] of verdicts) {
        if (verdict === 'unchanged') await confirmConnections(database, judged, answer.as_of)
        else await markEnding(database, judged, verdict)
      }
    }
  }

  /** Kicks run beside the loop: a server that does not answer must not keep others waiting. */
  function startKicks(rows: readonly ConnectionRow[]): void {
    for (const row of rows) {
      const kick = kickOne(row).catch((error: unknown) =>
        logger.warn({ err: error }, 'a connection could not be ended')
      )
      kicks.add(kick)
      void kick.finally(() => kicks.delete(kick))
    }
  }

  async function kickOne(row: ConnectionRow): Promise<void> {
    const isGone = await kickClient(deps.system, row)
    deps.metrics.countKick(row.ending ?? 'revoked', isGone)
    if (!isGone) return
    await database
      .updateTable('channel_connections')
      .set({ gone_at: new Date(clock.now()) })
      .where('server_id', '=', row.server_id)
      .where('cid', '=', row.cid)
      .execute()
  }

  async function sweep(): Promise<void> {
    if (clock.now() - sweptAtMs < SWEEP_EVERY_MS) return
    sweptAtMs = clock.now()
    const ends = await leftovers(deps)
    if (ends.length > 0) await endConnections(deps, ends)
  }

  async function turn(): Promise<void> {
    if (isReviewDue) {
      isReviewDue = false
      await reviewRows(
        await database.selectFrom('channel_connections').selectAll().where('ending', 'is', null).execute()
      )
    }
    await reviewChanges()
    startKicks(await claimKicks(deps))
    await sweep()
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      await turn().catch((error: unknown) => {
        if (!isStopped) logger.warn({ err: error }, 'connections of clients could not be looked at')
      })
      await alarm.wait(POLL_MS)
    }
  }

  const running = run()
  return {
    wake: alarm.ring,
    reviewAll() {
      isReviewDue = true
      alarm.ring()
    },
    async stop() {
      isStopped = true
      alarm.ring()
      await running
      await Promise.all(kicks)
    }
  }
}

/** Where the rows stand, or the head where there are none; again after a restore, when the head is behind us. */
async function whereToBegin({ database }: EnforcementDeps, seenSeq: number | null): Promise<number> {
  const { rows } = await sql<{ head: number; oldest: number | null }>`
    select seq as head, (select min(as_of) from channel_connections) as oldest from change_head`.execute(database)
  const [{ head, oldest } = { head: 0, oldest: null }] = rows
  return seenSeq === null || head < seenSeq ? Math.min(oldest ?? head, head) : seenSeq
}

/** Takes connections that have to be ended and are not being ended; no two replicas take the same. */
async function claimKicks({ database, clock }: EnforcementDeps): Promise<ConnectionRow[]> {
  const now = new Date(clock.now())
  const before = new Date(clock.now() - KICK_AGAIN_MS)
  const { rows } = await sql<ConnectionRow>`
    update channel_connections connection set kicked_at = ${now}
    from (
      select server_id, cid from channel_connections
      where ending is not null and gone_at is null and (kicked_at is null or kicked_at < ${before})
      order by kicked_at nulls first limit ${MOST_KICKS} for update skip locked
    ) due
    where connection.server_id = due.server_id and connection.cid = due.cid
    returning connection.*`.execute(database)
  return rows
}

/** Connections that are over, though nobody has told us so. */
async function leftovers({ database, clock }: EnforcementDeps): Promise<End[]> {
  const rows = await database
    .selectFrom('channel_connections')
    .select(['server_id', 'cid', 'ending', 'gone_at'])
    .where((row) =>
      row.or([
        row('gone_at', '<', new Date(clock.now() - WORD_OF_END_MS)),
        row('ends_at', '<', new Date(clock.now() - CLOCK_MARGIN_MS))
      ])
    )
    .limit(MOST_CHANGES)
    .execute()
  return rows.map(({ server_id, cid, ending }) => ({ server_id, cid, reason: ending ?? 'expired', traffic: null }))
}
