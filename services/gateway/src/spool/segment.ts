import { join } from 'node:path'

/** What is known of one segment file. The index of the spool is the list of these, in memory. */
export interface Segment {
  readonly boot: string
  readonly firstSeq: number
  readonly path: string
  /** One less than `firstSeq` while the segment is empty. */
  lastSeq: number
  /** Up to here the file is whole; readers look no further. */
  bytes: number
  unauthenticatedBytes: number
  /** Since when the audit service has all of it; null while it does not. */
  coveredSinceMs: number | null
}

// Ids of boots are UUIDv7 and numbers have leading zeros, so that the order of the names is the order of the events.
const NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9]{16})\.spool$/

export function newSegment(directory: string, boot: string, firstSeq: number): Segment {
  const path = join(directory, `${boot}-${String(firstSeq).padStart(16, '0')}.spool`)
  return { boot, firstSeq, path, lastSeq: firstSeq - 1, bytes: 0, unauthenticatedBytes: 0, coveredSinceMs: null }
}

/** The segment that a file name stands for, still without its content; null for any other file. */
export function segmentOfName(directory: string, name: string): Segment | null {
  const [, boot, seq] = NAME.exec(name) ?? []
  return boot === undefined ? null : newSegment(directory, boot, Number(seq))
}
