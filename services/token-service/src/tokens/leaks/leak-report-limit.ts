import type { LimitStore } from '../../limits/limit-store.ts'
import { networkOf } from '../../limits/network-of.ts'

/** Bounds what one address may report. */
export interface LeakReportLimit {
  /** Counts a report; 429 with `Retry-After` when an address has sent too many. */
  consume(address: string): Promise<void>
}

// A scanner puts a thousand tokens into one report, so that nobody honest needs many.
const REPORTS = 20
const WINDOW_MS = 60_000

export function createLeakReportLimit(store: LimitStore): LeakReportLimit {
  const limit = store.limit({
    name: 'leak-reports',
    attempts: REPORTS,
    windowMs: WINDOW_MS,
    detail: 'Too many reports: put up to 1000 tokens into one'
  })
  return { consume: (address) => limit.consume(networkOf(address)) }
}
