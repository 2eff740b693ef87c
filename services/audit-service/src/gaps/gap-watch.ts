import type { MissingEventsDetails } from '@patgate/contracts'
import type { Clock, Logger } from '@patgate/service-kit'
import { type Kysely, sql } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import type { AuditMetrics } from '../metrics.ts'
import type { OwnLog } from '../own-events/own-log.ts'
import { serviceEvent } from '../own-events/service-event.ts'
import { type BootState, readBootStates } from './boot-states.ts'

export interface GapWatchDeps {
  readonly database: Kysely<AuditDatabase>
  readonly clock: Clock
  readonly ownLog: Pick<OwnLog, 'record'>
  readonly metrics: AuditMetrics
  readonly logger: Logger
  /** False while nobody could be heard: then silence means nothing. */
  readonly canHear: () => boolean
}

/** Notices what producers sent and the log has not (audit.md, "Durability" 4). */
export interface GapWatch {
  /** Looks once; raises `audit.gap`, once, for what has been missing for a minute. */
  look(): Promise<void>
}

type Reason = MissingEventsDetails['reason']

const PATIENCE_MS = 60_000
const WATCH_LOCK = 7_215_003
const REASONS: readonly Reason[] = ['hole', 'behind', 'silent', 'unknown_tail']

/** Since when something has not changed, as far as this process has seen: what happened while it was away is no reason. */
interface Watched {
  value: number
  sinceMs: number
}

export function createGapWatch(deps: GapWatchDeps): GapWatch {
  const { database, clock, ownLog, metrics, logger, canHear } = deps
  const stored = new Map<string, Watched>()
  const heard = new Map<string, Watched>()

  /** For how long the value of this name has been the same. */
  function unchangedMs(watched: Map<string, Watched>, name: string, value: number): number {
    const known = watched.get(name)
    if (known?.value === value) return clock.now() - known.sinceMs
    watched.set(name, { value, sinceMs: clock.now() })
    return 0
  }

  function reasonOf(state: BootState, producerIsMoving: boolean): Reason | null {
    const name = nameOf(state)
    const isStuck = unchangedMs(stored, name, state.stored) >= PATIENCE_MS
    const isSilent = unchangedMs(heard, name, state.heardAtMs) >= PATIENCE_MS
    if (state.missing.length > 0 && isStuck) return 'hole'
    if (state.isTailUnknown && isSilent) return 'unknown_tail'
    // A producer sends its oldest boot first: while that moves, the others wait for their turn.
    if (state.told > state.stored && isStuck && !producerIsMoving) return 'behind'
    return !state.hasEnded && isSilent ? 'silent' : null
  }

  async function raise(state: BootState, reason: Reason): Promise<void> {
    const { producer, boot, told, missing } = state
    const details: MissingEventsDetails = {
      reason,
      producer,
      boot,
      stored_seq: state.stored,
      told_seq: told === 0 ? null : told,
      missing: [...missing],
      unknown_tail: reason === 'unknown_tail'
    }
    const event = serviceEvent('audit.gap', 'failure', details)
    await ownLog.record({ ...event, reason, target: { type: 'producer', id: producer } })
    await remember(state, raisedAs(state, reason))
    metrics.gaps.inc({ reason })
    logger.error(details, 'events of a producer are missing')
  }

  async function remember({ producer, boot, heardAtMs }: BootState, raised: string | null): Promise<void> {
    await database
      .insertInto('audit_boots')
      .values({ producer, boot, raised, heard_at: new Date(heardAtMs) })
      .onConflict((conflict) => conflict.columns(['producer', 'boot']).doUpdateSet({ raised }))
      .execute()
  }

  async function judge(): Promise<void> {
    const states = await readBootStates(database)
    const moving = new Set(
      states
        .filter((state) => unchangedMs(stored, nameOf(state), state.stored) < PATIENCE_MS)
        .map(({ producer }) => producer)
    )
    const open: Reason[] = []
    for (const state of states) {
      const reason = reasonOf(state, moving.has(state.producer))
      if (reason !== null) open.push(reason)
      if (reason !== null && state.raised !== raisedAs(state, reason)) await raise(state, reason)
      // What has mended itself is told anew when it comes again.
      if (reason === null && state.raised !== null) await remember(state, null)
    }
    forget(states)
    for (const reason of REASONS) {
      metrics.openGaps.set({ reason }, open.filter((found) => found === reason).length)
    }
  }

  function forget(states: readonly BootState[]): void {
    const names = new Set(states.map(nameOf))
    for (const watched of [stored, heard]) {
      for (const name of watched.keys()) if (!names.has(name)) watched.delete(name)
    }
  }

  return {
    async look() {
      if (!canHear()) {
        stored.clear()
        heard.clear()
        return
      }
      await database.connection().execute(async (connection) => {
        const lock = await sql<{ taken: boolean }>`
          select pg_try_advisory_lock(${sql.lit(WATCH_LOCK)}) as taken
        `.execute(connection)
        if (lock.rows[0]?.taken !== true) return
        try {
          await judge()
        } finally {
          await sql`select pg_advisory_unlock(${sql.lit(WATCH_LOCK)})`.execute(connection)
        }
      })
    }
  }
}

function nameOf({ producer, boot }: BootState): string {
  return `${boot}/${producer}`
}

/** The same finding at the same place is told once. */
function raisedAs({ stored }: BootState, reason: Reason): string {
  return reason === 'hole' || reason === 'behind' ? `${reason} ${stored}` : reason
}
