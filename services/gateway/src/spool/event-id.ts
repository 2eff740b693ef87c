import { randomBytes } from 'node:crypto'

const POOL_BYTES = 4096
const NODE_DIGITS = 12
const VARIANTS = ['8', '9', 'a', 'b']

/**
 * Draws UUIDs of version 7 (RFC 9562, section 5.7) for events, several times cheaper than the general library does. The
 * last 48 bits are new for each id, drawn by the hundred; the digits of the time are kept for the millisecond, and the
 * other random bits for as long as the pool lasts.
 */
export function createEventIds(): (nowMs: number) => string {
  let pool = ''
  let used = 0
  let timeMs = -1
  let timeDigits = ''
  let randomA = ''
  let randomB = ''

  function refill(): void {
    pool = randomBytes(POOL_BYTES).toString('hex')
    randomA = pool.slice(0, 3)
    randomB = `${VARIANTS[Number.parseInt(pool.slice(3, 4), 16) & 3]}${pool.slice(4, 7)}`
    used = NODE_DIGITS
    timeMs = -1
  }

  return (nowMs) => {
    if (used + NODE_DIGITS > pool.length) refill()
    if (nowMs !== timeMs) {
      const digits = nowMs.toString(16).padStart(12, '0')
      timeDigits = `${digits.slice(0, 8)}-${digits.slice(8)}-7${randomA}-${randomB}-`
      timeMs = nowMs
    }
    used += NODE_DIGITS
    return timeDigits + pool.slice(used - NODE_DIGITS, used)
  }
}

/** When a UUID of version 7 was drawn. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}
