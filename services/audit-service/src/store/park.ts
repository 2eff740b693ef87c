import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'

/** The number under which a producer sent an event. */
export interface EventKey {
  readonly producer: string
  readonly boot: string
  readonly seq: number
}

/** A message, or one event out of a message, that cannot be stored as an event. */
export interface ParkedItem {
  readonly subject: string
  /** For the operator: why. Printable and short. */
  readonly reason: string
  readonly payload: Uint8Array
  /** Null when not even its number could be read. */
  readonly key: EventKey | null
}

const PARK = `
  insert into parked_messages as parked (digest, subject, reason, payload, producer, boot, seq)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (digest) do update set times_seen = parked.times_seen + 1, last_seen_at = now()`

/** Keeps each item once, however often it comes, and answers the digests by which they are kept. */
export async function park(client: PoolClient, items: readonly ParkedItem[]): Promise<Buffer[]> {
  const digests: Buffer[] = []
  for (const { subject, reason, payload, key } of items) {
    const digest = createHash('sha256').update(payload).digest()
    await client.query(PARK, [digest, subject, reason, Buffer.from(payload), key?.producer, key?.boot, key?.seq])
    digests.push(digest)
  }
  return digests
}
