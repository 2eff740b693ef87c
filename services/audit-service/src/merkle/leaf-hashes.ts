import type { AuditEvent } from '@patgate/contracts'
import { canonicalJson, type Hash, leafHash } from '@patgate/merkle-log'

/** An event's number, as the database writes it. */
export interface StoredKey {
  readonly producer: string
  readonly boot: string
  readonly seq: number
}

/** The events of a batch as they are hashed, and their leaf hashes by their numbers. */
export interface LeafHashes {
  /** The canonical JSON of each event, in the order of arrival. */
  readonly texts: readonly string[]
  of(key: StoredKey): Hash
}

/**
 * Hashes a batch, before any lock is held. Of events with the same number the first counts, and the others are left out.
 * Throws `NoCanonicalForm` where an event cannot be hashed.
 */
export function hashLeaves(events: readonly AuditEvent[]): LeafHashes {
  const hashes = new Map<string, Hash>()
  const texts: string[] = []
  for (const event of events) {
    const key = nameOf(event)
    if (hashes.has(key)) continue
    const text = canonicalJson(event)
    hashes.set(key, leafHash(text))
    texts.push(text)
  }
  return {
    texts,
    of(key) {
      const hash = hashes.get(nameOf(key))
      if (hash === undefined) throw new Error('an event was stored that was not in the batch')
      return hash
    }
  }
}

function nameOf({ producer, boot, seq }: StoredKey): string {
  return `${boot.toLowerCase()}/${seq}/${producer}`
}
