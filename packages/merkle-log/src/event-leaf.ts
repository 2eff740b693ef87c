import canonicalize from 'canonicalize'
import { type Hash, leafHash } from './hashes.ts'

/** Thrown for what RFC 8785 cannot write, such as half of a surrogate pair or a number beyond all numbers. */
export class NoCanonicalForm extends Error {
  override readonly name = 'NoCanonicalForm'
}

/**
 * The leaf of an event: its canonical JSON (RFC 8785), so that everybody who has the event has the same bytes. Throws
 * `NoCanonicalForm` for what has none.
 */
export function eventLeafHash(event: object): Hash {
  return leafHash(Buffer.from(canonicalJson(event)))
}

function canonicalJson(event: object): string {
  try {
    const json = canonicalize(event)
    if (json !== undefined) return json
  } catch (cause) {
    throw new NoCanonicalForm('it has no canonical form', { cause })
  }
  throw new NoCanonicalForm('it is not a JSON object')
}
