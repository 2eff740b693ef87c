import { randomBytes } from 'node:crypto'

const POOL_BYTES = 4096

/**
 * Draws so many random digits in hexadecimal, never the same ones twice. The system is asked for thousands of them at
 * once: asking for a few costs as much.
 */
export function createRandomDigits(): (count: number) => string {
  let pool = ''
  let used = 0
  return (count) => {
    if (used + count > pool.length) {
      pool = randomBytes(POOL_BYTES).toString('hex')
      used = 0
    }
    used += count
    return pool.slice(used - count, used)
  }
}
