/** A clock that stands still until a test turns it; fits wherever a `Clock` of the service kit is asked for. */
export interface ManualClock {
  now(): number
  advance(ms: number): void
  /** Also backwards: wall clocks are sometimes set back. */
  set(ms: number): void
}

export function manualClock(startMs: number): ManualClock {
  let nowMs = startMs
  return {
    now: () => nowMs,
    advance(ms) {
      nowMs += ms
    },
    set(ms) {
      nowMs = ms
    }
  }
}
