import { createRandomDigits } from '../random-digits.ts'

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
const SPAN_DIGITS = 16
const TRACE_DIGITS = 32
const randomDigits = createRandomDigits()

/** Continues the client's trace with a span of our own, or begins one that is not sampled (W3C Trace Context). */
export function continueTrace(traceparent: string | string[] | undefined): { value: string; isContinued: boolean } {
  const span = randomDigits(SPAN_DIGITS)
  if (typeof traceparent === 'string' && TRACEPARENT.test(traceparent)) {
    return { value: `${traceparent.slice(0, 36)}${span}${traceparent.slice(52)}`, isContinued: true }
  }
  return { value: `00-${randomDigits(TRACE_DIGITS)}-${span}-00`, isContinued: false }
}
