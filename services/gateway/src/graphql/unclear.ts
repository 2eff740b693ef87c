import { Fault } from '@patgate/service-kit'

/** The one answer to whatever has more than one meaning, or none. The detail never repeats what was sent. */
export function unclear(detail: string, cause?: unknown): Fault {
  return new Fault('invalid_request', cause === undefined ? { detail } : { detail, cause })
}
