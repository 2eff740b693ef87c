import { setTimeout as pause } from 'node:timers/promises'
import { type LeaseRow, PropagationWait, WAIT_MARGIN_MS } from '@patgate/coherence'
import { LEASE_MS, type Propagation } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import type { Database } from '../database/schema.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import { deleteLapsedRows, readLeaseRows } from './lease-rows.ts'

export interface InForceDeps {
  readonly database: Database
  readonly clock: Clock
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonicMs: () => number
  readonly acknowledgements: Acknowledgements
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
      await pause(Math.max(0, startedAtMs + LONGEST_WAIT_MS - readAtMs))
      return { gateways: 0, confirmed: 0, expired: 0, took_ms: Math.round(monotonicMs() - startedAtMs) }
    }
    // A slow reading must not make the answer late. Counting from the commit is as safe; only the rows may then be
    // younger than the waiting, and are left to the reaper.
    const wasPrompt = readAtMs - startedAtMs <= WAIT_MARGIN_MS
    const wait = new PropagationWait(rows, seq, wasPrompt ? readAtMs : startedAtMs, LEASE_MS)
    await untilOver(deps, wait, bell)
    // Nobody depends on the deletion: it only spares the next revoker the waiting.
    if (wasPrompt) await within(LOOK_EVERY_MS, deleteLapsedRows(database, wait.unacknowledged()))
    return { ...wait.report(startedAtMs, monotonicMs()), ...staleUntil(wait, clock) }
  } finally {
    stopListening()
  }
}

async function untilOver(deps: InForceDeps, wait: PropagationWait, bell: Bell): Promise<void> {
  const { database, acknowledgements, monotonicMs } = deps
  let lookAtMs = monotonicMs() + LOOK_EVERY_MS
  for (;;) {
    for (const { holder } of wait.unacknowledged()) wait.acknowledge(holder, acknowledgements.appliedBy(holder))
    const leftMs = wait.remainingMs(monotonicMs())
    if (leftMs === 0) break
    await bell.wait(Math.min(leftMs, Math.max(0, lookAtMs - monotonicMs())))
    if (monotonicMs() < lookAtMs) continue
    // A database that is away for a moment must neither end the waiting early nor make it longer.
    const rows: LeaseRow[] | null = await within(wait.remainingMs(monotonicMs()), readLeaseRows(database))
    for (const row of rows ?? []) wait.acknowledge(row.holder, row.appliedSeq)
    lookAtMs = monotonicMs() + LOOK_EVERY_MS
  }
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

/** A gateway that did not confirm may serve routes with `grace` for that long after its lease. */
function staleUntil(wait: PropagationWait, clock: Clock): { stale_until?: string } {
  const graceMs = Math.max(0, ...wait.unacknowledged().map((row) => row.graceMs))
  return graceMs === 0 ? {} : { stale_until: new Date(clock.now() + graceMs).toISOString() }
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
