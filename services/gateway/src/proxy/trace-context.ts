import { randomFillSync } from 'node:crypto'

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
const SPAN_BYTES = 8
const TRACE_BYTES = 16

/** Continues the client's trace with a span of our own, or begins one that is not sampled (W3C Trace Context). */
export function continueTrace(traceparent: string | string[] | undefined): { value: string; isContinued: boolean } {
  const span = randomDigits(SPAN_BYTES)
  if (typeof traceparent === 'string' && TRACEPARENT.test(traceparent)) {
    return { value: `${traceparent.slice(0, 36)}${span}${traceparent.slice(52)}`, isContinued: true }
  }
  return { value: `00-${randomDigits(TRACE_BYTES)}-${span}-00`, isContinued: false }
}

// Asking the system for a few bytes costs as much as asking for hundreds.
const pool = Buffer.allocUnsafe(4096)
let used = pool.length

/** In hexadecimal; never the same bytes twice. */
function randomDigits(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}
