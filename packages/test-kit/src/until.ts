import { setTimeout as pause } from 'node:timers/promises'

export interface UntilOptions {
  /** How long the condition may take; 20 s unless said. */
  readonly timeoutMs?: number
  /** What the test was waiting for, as the end of the sentence "did not come true: …". */
  readonly message?: string
}

const POLL_MS = 20

/**
 * Waits for a condition by asking again and again: the only waiting a test may do. Answers the condition's first
 * truthy value. One that throws does not hold yet; its last error is the cause of the failure when time runs out.
 */
export async function until<T>(condition: () => T | Promise<T>, options: UntilOptions = {}): Promise<NonNullable<T>> {
  const { timeoutMs = 20_000, message = 'the condition' } = options
  const deadlineMs = performance.now() + timeoutMs
  let lastError: unknown
  do {
    try {
      const value = await condition()
      if (value) return value as NonNullable<T>
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    await pause(POLL_MS)
  } while (performance.now() < deadlineMs)
  throw new Error(`did not come true within ${timeoutMs} ms: ${message}`, { cause: lastError })
}
