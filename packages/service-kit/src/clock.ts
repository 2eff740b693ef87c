/** Time is an argument: production passes `systemClock`, a test passes one it can turn. */
export interface Clock {
  /** Milliseconds since the epoch, by the wall clock. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
