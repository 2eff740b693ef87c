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
    const rows = await readLeaseRows(database).catch(() => null)
    if (rows === null) {
      await pause(LEASE_MS + WAIT_MARGIN_MS)
      return { gateways: 0, confirmed: 0, expired: 0, took_ms: Math.round(monotonicMs() - startedAtMs) }
    }
    const wait = new PropagationWait(rows, seq, monotonicMs(), LEASE_MS)
    await untilOver(deps, wait, bell)
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
    // A database that is away for a moment must not end the waiting early.
    const rows: LeaseRow[] = await readLeaseRows(database).catch(() => [])
    for (const row of rows) wait.acknowledge(row.holder, row.appliedSeq)
    lookAtMs = monotonicMs() + LOOK_EVERY_MS
  }
  // Nobody depends on the deletion: it only spares the next revoker the waiting.
  if (!wait.isComplete()) await deleteLapsedRows(database, wait.unacknowledged()).catch(() => undefined)
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
