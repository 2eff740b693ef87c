import canonicalize from 'canonicalize'
import { type Hash, leafHash } from './hashes.ts'

/**
 * The leaf of an event: its canonical JSON (RFC 8785), so that everybody who has the event has the same bytes. Throws a
 * `TypeError` for what has no such form, such as half of a surrogate pair.
 */
export function eventLeafHash(event: object): Hash {
  return leafHash(Buffer.from(canonicalJson(event)))
}

function canonicalJson(event: object): string {
  try {
    const json = canonicalize(event)
    if (json !== undefined) return json
  } catch (cause) {
    throw new TypeError('an event has to be JSON that RFC 8785 can write', { cause })
  }
  throw new TypeError('an event is a JSON object')
}
