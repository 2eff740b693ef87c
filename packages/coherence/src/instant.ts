/** One moment on both clocks. The monotonic one stops while a machine is suspended, the wall clock may be set. */
export interface Instant {
  readonly monotonicMs: number
  readonly wallMs: number
}

/** Where a holder reads the time; an argument, so that a test can pause, suspend and step it. */
export interface InstantClock {
  read(): Instant
}

export const systemInstantClock: InstantClock = {
  read: () => ({ monotonicMs: performance.now(), wallMs: Date.now() })
}
