import { setTimeout as delay } from 'node:timers/promises'

const patienceMs = 60_000
const pollMs = 20

/** Waits for a condition; a condition that never comes true fails the test with its own text. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${patienceMs} ms: ${condition}`)
    await delay(pollMs)
  }
}
