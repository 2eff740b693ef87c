import { canonicalJson } from './canonical-json.ts'
import { type Hash, leafHash } from './hashes.ts'

/**
 * The leaf of an event: its canonical JSON (RFC 8785), so that everybody who has the event has the same bytes. Throws
 * `NoCanonicalForm` for what has none.
 */
export function eventLeafHash(event: object): Hash {
  return leafHash(canonicalJson(event))
}
