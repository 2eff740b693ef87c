/** Thrown out of a job that is to run again after this time; BullMQ keeps it until then. */
export class RunAgain extends Error {
  override readonly name = 'RunAgain'
  readonly afterMs: number

  constructor(afterMs: number, cause: unknown) {
    super('to be tried again', { cause })
    this.afterMs = afterMs
  }
}

const JITTER_SHARE = 0.1

/** A little longer each time by chance, so that receivers that come back are not met by everything at once. */
export function withJitter(delayMs: number, random: () => number = Math.random): number {
  return Math.round(delayMs * (1 + JITTER_SHARE * random()))
}

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 5 * 60_000

/** The pause after so many failures in a row of a stream that waits for its receiver, however long that takes. */
export function pauseAfter(failuresInARow: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failuresInARow - 1, 20), LONGEST_PAUSE_MS)
}

/** For BullMQ: how long a job that failed waits. What was not meant to happen is tried again soon. */
export function backoffOf(error: Error | undefined): number {
  return withJitter(error instanceof RunAgain ? error.afterMs : FIRST_PAUSE_MS)
}
