import { type LeaseRow, WAIT_MARGIN_MS } from '@patgate/coherence'
import { LEASE_MS } from '@patgate/contracts'
import type { Database } from '../database/schema.ts'
import { endLapsedRows, readLeaseRows, removeEndedGrace } from './lease-rows.ts'

interface Seen {
  readonly renewals: number
  readonly sinceMs: number
}

const LOOK_EVERY_MS = 1_000

/**
 * Ends the rows of holders that have died, so that they delay one call at most. A row is dead when this process has
 * seen it stand still for longer than a lease, by its own monotonic clock; no stored time is believed.
 */
export function startReaper(database: Database, monotonicMs: () => number): { stop(): void } {
  let seen = new Map<string, Seen>()

  async function look(): Promise<void> {
    const { live } = await readLeaseRows(database)
    const nowMs = monotonicMs()
    const next = new Map<string, Seen>()
    const lapsed: LeaseRow[] = []
    for (const row of live) {
      const before = seen.get(row.holder)
      const sinceMs = before?.renewals === row.renewals ? before.sinceMs : nowMs
      if (nowMs - sinceMs > LEASE_MS + WAIT_MARGIN_MS) lapsed.push(row)
      else next.set(row.holder, { renewals: row.renewals, sinceMs })
    }
    seen = next
    await endLapsedRows(database, lapsed)
    await removeEndedGrace(database)
  }

  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS)
  return { stop: () => clearInterval(timer) }
}
