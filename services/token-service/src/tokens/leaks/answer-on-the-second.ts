import { setTimeout as pause } from 'node:timers/promises'

const STEP_MS = 1_000

/**
 * Does something and answers a whole number of seconds after it began. How long the work itself took, and with it what
 * there was to do, cannot be told from outside; failures keep the beat too.
 */
export async function answerOnTheSecond<T>(work: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now()
  try {
    return await work()
  } finally {
    const tookMs = performance.now() - startedAtMs
    await pause(STEP_MS - (tookMs % STEP_MS))
  }
}
