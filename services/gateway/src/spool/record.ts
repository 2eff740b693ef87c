import { crc32 } from 'node:zlib'

/*
 * One event in a segment file: CRC-32, length of the payload, lane, payload. The CRC covers everything behind itself, so
 * that a flipped bit in the length is noticed too, and so that a tail of zeros, as some file systems leave behind after a
 * crash, is no row of empty records.
 */
const LENGTH_OFFSET = 4
const LANE_OFFSET = 8
export const HEADER_BYTES = 9

/** Far more than an event with the longest path and agent; a length beyond it is damage. */
export const MAX_PAYLOAD_BYTES = 256 * 1024

/** Events of requests without a valid token lie in a lane of their own, which has bounds of its own. */
export type Lane = 'kept' | 'unauthenticated'
const LANES: readonly Lane[] = ['kept', 'unauthenticated']

export interface SpoolRecord {
  readonly lane: Lane
  /** A view of the bytes it was read from. */
  readonly payload: Buffer
  /** Where the next record begins. */
  readonly end: number
}

/** The most bytes that a record can need while it is written: a character takes up to three. */
export const RECORD_BYTES_AT_MOST = HEADER_BYTES + 3 * MAX_PAYLOAD_BYTES

/** Writes a record at `offset`, with `RECORD_BYTES_AT_MOST` behind it, and answers where it ends. */
export function encodeRecord(target: Buffer, offset: number, lane: Lane, text: string): number {
  if (text.length > MAX_PAYLOAD_BYTES) throw new RangeError(`an event of ${text.length} characters cannot be spooled`)
  const length = target.write(text, offset + HEADER_BYTES)
  if (length === 0 || length > MAX_PAYLOAD_BYTES) throw new RangeError(`an event of ${length} bytes cannot be spooled`)
  const end = offset + HEADER_BYTES + length
  target.writeUInt32LE(length, offset + LENGTH_OFFSET)
  target[offset + LANE_OFFSET] = lane === 'kept' ? 0 : 1
  target.writeUInt32LE(crc32(target.subarray(offset + LENGTH_OFFSET, end)), offset)
  return end
}

/** The record at `offset`, or null where there is none: the end, a torn write, or damage. */
export function decodeRecord(bytes: Buffer, offset: number): SpoolRecord | null {
  if (bytes.length - offset < HEADER_BYTES) return null
  const length = bytes.readUInt32LE(offset + LENGTH_OFFSET)
  const end = offset + HEADER_BYTES + length
  if (length === 0 || length > MAX_PAYLOAD_BYTES || end > bytes.length) return null
  if (crc32(bytes.subarray(offset + LENGTH_OFFSET, end)) !== bytes.readUInt32LE(offset)) return null
  const lane = LANES[bytes[offset + LANE_OFFSET] ?? LANES.length]
  return lane === undefined ? null : { lane, payload: bytes.subarray(offset + HEADER_BYTES, end), end }
}

/** All records from the beginning up to the first place where there is none. */
export function* decodeRecords(bytes: Buffer): Generator<SpoolRecord> {
  for (let record = decodeRecord(bytes, 0); record !== null; record = decodeRecord(bytes, record.end)) yield record
}
