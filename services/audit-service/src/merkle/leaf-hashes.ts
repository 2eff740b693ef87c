import type { AuditEvent } from '@patgate/contracts'
import { eventLeafHash, type Hash } from '@patgate/merkle-log'

/** An event's number, as the database writes it. */
export interface StoredKey {
  readonly producer: string
  readonly boot: string
  readonly seq: number
}

/** The leaf hashes of events as they arrived, by their numbers. */
export interface LeafHashes {
  of(key: StoredKey): Hash
}

/**
 * Hashes a batch, before any lock is held. Of events with the same number the first counts, as in the database. Throws
 * `NoCanonicalForm` where an event cannot be hashed.
 */
export function hashLeaves(events: readonly AuditEvent[]): LeafHashes {
  const hashes = new Map<string, Hash>()
  for (const event of events) {
    const key = nameOf(event)
    if (!hashes.has(key)) hashes.set(key, eventLeafHash(event))
  }
  return {
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
