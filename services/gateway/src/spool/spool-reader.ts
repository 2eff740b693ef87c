import { type FileHandle, open } from 'node:fs/promises'
import { BATCH_BYTES, BATCH_EVENTS, type Batch, encodeBatch } from './batch.ts'
import { decodeRecord, RECORD_BYTES_AT_MOST } from './record.ts'
import type { Segment } from './segment.ts'

/** Reads the spool from its oldest event that is not stored, boot by boot, while it grows. */
export interface SpoolReader {
  /** The next events; null when there are none yet. */
  next(): Promise<Batch | null>
  /** Begins again behind what is stored. */
  rewind(): Promise<void>
}

export interface SpoolReaderOptions {
  /** Oldest first; read anew at each call. */
  readonly segments: readonly Segment[]
  /** Everything of the boot up to this number need not be read. */
  readonly committedOf: (boot: string) => number
  readonly onError: (error: unknown) => void
}

interface Cursor {
  readonly segment: Segment
  readonly file: FileHandle
  offset: number
  seq: number
}

const READ_BYTES = BATCH_BYTES + RECORD_BYTES_AT_MOST

export function createSpoolReader({ segments, committedOf, onError }: SpoolReaderOptions): SpoolReader {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  let cursor: Cursor | null = null
  /** Where reading ended last; names sort in the order of the events. */
  let passed = ''

  async function openNext(): Promise<Cursor | null> {
    const segment = segments.find(({ path, boot, lastSeq }) => path > passed && lastSeq > committedOf(boot))
    if (segment === undefined) return null
    passed = segment.path
    return { segment, file: await open(segment.path), offset: 0, seq: segment.firstSeq }
  }

  async function leave(): Promise<void> {
    await cursor?.file.close()
    cursor = null
  }

  async function read(from: Cursor): Promise<Batch | null> {
    const { boot } = from.segment
    const length = Math.min(READ_BYTES, from.segment.bytes - from.offset)
    const { bytesRead } = await from.file.read(buffer, 0, length, from.offset)
    const { events, firstSeq, end } = collect(buffer.subarray(0, bytesRead), from.seq, committedOf(boot))
    if (end === 0) throw new Error(`${from.segment.path} is damaged at byte ${from.offset}`)
    from.offset += end
    from.seq = firstSeq + events.length
    return events.length === 0 ? null : encodeBatch(boot, firstSeq, events)
  }

  async function readSegment(from: Cursor): Promise<Batch | null> {
    while (from.offset < from.segment.bytes) {
      const batch = await read(from)
      if (batch !== null) return batch
    }
    return null
  }

  async function readOn(): Promise<Batch | null> {
    for (cursor ??= await openNext(); cursor !== null; cursor = await openNext()) {
      const batch = await readSegment(cursor)
      if (batch !== null || cursor.segment === segments.at(-1)) return batch
      await leave()
    }
    return null
  }

  return {
    async next() {
      for (;;) {
        try {
          return await readOn()
        } catch (error) {
          // What cannot be read must not keep back what comes behind it; the audit service sees the hole.
          onError(error)
          await leave()
        }
      }
    },
    async rewind() {
      await leave()
      passed = ''
    }
  }
}

interface Collected {
  readonly events: readonly Buffer[]
  readonly firstSeq: number
  /** Behind the last event, in bytes from the beginning. */
  readonly end: number
}

/** As many whole records as a batch may hold, without those that are stored already. */
function collect(bytes: Buffer, seq: number, committed: number): Collected {
  const events: Buffer[] = []
  let firstSeq = seq
  let size = 0
  let end = 0
  for (let record = decodeRecord(bytes, 0); record !== null; record = decodeRecord(bytes, end)) {
    const isStored = events.length === 0 && firstSeq <= committed
    size += isStored ? 0 : record.payload.length + 1
    if (events.length === BATCH_EVENTS || (size > BATCH_BYTES && events.length > 0)) break
    if (isStored) firstSeq += 1
    else events.push(record.payload)
    end = record.end
  }
  return { events, firstSeq, end }
}
