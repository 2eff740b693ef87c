import { setTimeout as pause } from 'node:timers/promises'
import { PropagationWait, WAIT_MARGIN_MS } from '@patgate/coherence'
import { LEASE_MS, type Propagation } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import type { Database } from '../database/schema.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import { endLapsedRows, type LeaseRows, readLeaseRows } from './lease-rows.ts'

export interface InForceDeps {
  readonly database: Database
  readonly clock: Clock
  /** The longest `grace` of any route, for when it cannot be read who has how much. */
  readonly longestGraceMs: () => number
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonicMs: () => number
  readonly acknowledgements: Acknowledgements
  /** Told of each holder that was waited for: how long it took to confirm, null when its lease was waited out. */
  readonly onHolder: (holder: string, tookMs: number | null) => void
}

/** From the commit on: by then every lease that was renewed without the change has run out. */
const LONGEST_WAIT_MS = LEASE_MS + WAIT_MARGIN_MS

/** How often the rows are looked at while waiting: with NATS down they are all there is to hear. */
const LOOK_EVERY_MS = 100

/**
 * Resolves when the change with this number, and everything before it, is in force on every holder of snapshots
 * (coherence.md, "The revoker waits"): each has acknowledged it, or its lease has surely run out. Never rejects: the
 * change is committed, and time alone makes it true.
 */
export async function waitInForce(deps: InForceDeps, seq: number): Promise<Propagation> {
  const { database, acknowledgements, clock, monotonicMs } = deps
  const startedAtMs = monotonicMs()
  const bell = createBell()
  const stopListening = acknowledgements.listen(bell.ring)
  try {
    // Once, in a snapshot after the commit. The waiting counts from after it: no lease in it was sent later.
    const rows = await within(LONGEST_WAIT_MS, readLeaseRows(database))
    const readAtMs = monotonicMs()
    if (rows === null) {
      await untilMs(startedAtMs + LONGEST_WAIT_MS, monotonicMs)
      const took_ms = Math.round(monotonicMs() - startedAtMs)
      return { gateways: 0, confirmed: 0, expired: 0, took_ms, ...staleFor(deps.longestGraceMs(), clock) }
    }
    // A slow reading must not make the answer late. Counting from the commit is as safe; only the rows may then be
    // younger than the waiting, and are left to the reaper.
    const wasPrompt = readAtMs - startedAtMs <= WAIT_MARGIN_MS
    const wait = new PropagationWait(rows.live, seq, wasPrompt ? readAtMs : startedAtMs, LEASE_MS)
    await untilOver(deps, wait, bell, startedAtMs)
    // Nobody depends on the deletion: it only spares the next revoker the waiting.
    const unconfirmed = wait.unacknowledged()
    for (const { holder } of unconfirmed) deps.onHolder(holder, null)
    if (wasPrompt && unconfirmed.length > 0) await within(LOOK_EVERY_MS, endLapsedRows(database, unconfirmed))
    return { ...wait.report(startedAtMs, monotonicMs()), ...staleUntil(rows, wait, clock) }
  } finally {
    stopListening()
  }
}

async function untilOver(deps: InForceDeps, wait: PropagationWait, bell: Bell, startedAtMs: number): Promise<void> {
  const { database, acknowledgements, monotonicMs } = deps
  const hear = (holder: string, appliedSeq: number): void => {
    if (wait.acknowledge(holder, appliedSeq)) deps.onHolder(holder, monotonicMs() - startedAtMs)
  }
  let lookAtMs = monotonicMs() + LOOK_EVERY_MS
  for (;;) {
    for (const { holder } of wait.unacknowledged()) hear(holder, acknowledgements.appliedBy(holder))
    const leftMs = wait.remainingMs(monotonicMs())
    if (leftMs === 0) break
    await bell.wait(Math.min(leftMs, Math.max(0, lookAtMs - monotonicMs())))
    if (monotonicMs() < lookAtMs) continue
    // A database that is away for a moment must neither end the waiting early nor make it longer.
    const rows = await within(wait.remainingMs(monotonicMs()), readLeaseRows(database))
    for (const row of rows?.live ?? []) hear(row.holder, row.appliedSeq)
    lookAtMs = monotonicMs() + LOOK_EVERY_MS
  }
}

/** A timer counts from when its turn of the event loop began, and may be early by that; the clock is what counts. */
async function untilMs(instantMs: number, monotonicMs: () => number): Promise<void> {
  for (let leftMs = instantMs - monotonicMs(); leftMs > 0; leftMs = instantMs - monotonicMs()) await pause(leftMs)
}

/** What the database answers in time; null when it fails or hangs. */
async function within<T>(limitMs: number, asking: Promise<T>): Promise<T | null> {
  const answered = new AbortController()
  try {
    return await Promise.race([asking, pause(limitMs, null, { signal: answered.signal })])
  } catch {
    return null
  } finally {
    answered.abort()
  }
}

/** A gateway that did not confirm, now or to an earlier call, may serve routes with `grace` for that long after its lease. */
function staleUntil(rows: LeaseRows, wait: PropagationWait, clock: Clock): { stale_until?: string } {
  const graceMs = Math.max(0, ...wait.unacknowledged().map((row) => row.graceMs))
  const earlierMs = (rows.staleUntil?.getTime() ?? 0) - clock.now()
  return staleFor(Math.max(graceMs, earlierMs), clock)
}

function staleFor(graceMs: number, clock: Clock): { stale_until?: string } {
  return graceMs <= 0 ? {} : { stale_until: new Date(clock.now() + graceMs).toISOString() }
}

interface Bell {
  ring(): void
  wait(limitMs: number): Promise<void>
}

function createBell(): Bell {
  let ringing = new AbortController()
  return {
    ring: () => ringing.abort(),
    async wait(limitMs) {
      await pause(limitMs, undefined, { signal: ringing.signal }).catch(() => undefined)
      ringing = new AbortController()
    }
  }
}
