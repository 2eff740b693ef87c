import { Fault } from '@patgate/service-kit'

/** The fault that a call throws; null when it answers. Any other error is the test's. */
export function faultOf(call: () => unknown): Fault | null {
  try {
    call()
    return null
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
