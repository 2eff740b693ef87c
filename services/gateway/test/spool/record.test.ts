import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  decodeRecords,
  encodeRecord,
  HEADER_BYTES,
  type Lane,
  MAX_PAYLOAD_BYTES,
  RECORD_BYTES_AT_MOST
} from '../../src/spool/record.ts'

type Entry = readonly [lane: Lane, text: string]

const entry = fc.tuple(
  fc.constantFrom<Lane>('kept', 'unauthenticated'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
)
const entries = fc.array(entry, { minLength: 1, maxLength: 5 })

function encode(records: readonly Entry[]): { bytes: Buffer; ends: number[] } {
  const buffer = Buffer.alloc(4096)
  let end = 0
  const ends = records.map(([lane, text]) => {
    end = encodeRecord(buffer, end, lane, text)
    return end
  })
  return { bytes: Buffer.from(buffer.subarray(0, end)), ends }
}

function decode(bytes: Buffer): Entry[] {
  return [...decodeRecords(bytes)].map(({ lane, payload }) => [lane, payload.toString()])
}

t.test('what is written is read, byte for byte', async (t) => {
  fc.assert(fc.property(entries, (records) => assert.deepEqual(decode(encode(records).bytes), records)))
  t.pass()
})

t.test('cut at any byte, the whole records before it are read and nothing else', async (t) => {
  const property = fc.property(entries, (records) => {
    const { bytes, ends } = encode(records)
    for (let length = 0; length <= bytes.length; length++) {
      const whole = ends.filter((end) => end <= length).length
      assert.deepEqual(decode(bytes.subarray(0, length)), records.slice(0, whole))
    }
  })
  fc.assert(property, { numRuns: 50 })
  t.pass()
})

t.test('with any single bit flipped, no record is read that was not written', async (t) => {
  const property = fc.property(fc.array(entry, { minLength: 1, maxLength: 2 }), (records) => {
    const { bytes, ends } = encode(records)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Buffer.from(bytes)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const whole = ends.filter((end) => end <= bit >> 3).length
      assert.deepEqual(decode(damaged), records.slice(0, whole))
    }
  })
  fc.assert(property, { numRuns: 25 })
  t.pass()
})

t.test('zeros behind the last record, or random bytes, are no records', async (t) => {
  const property = fc.property(entries, fc.uint8Array({ minLength: 1, maxLength: 64 }), (records, noise) => {
    const { bytes } = encode(records)
    assert.deepEqual(decode(Buffer.concat([bytes, Buffer.alloc(64)])), records)
    assert.deepEqual(decode(Buffer.concat([bytes, noise])), records)
  })
  fc.assert(property)
  t.pass()
})

t.test('the largest event fits, and a larger one is refused before it is written', async (t) => {
  const buffer = Buffer.alloc(RECORD_BYTES_AT_MOST)
  t.equal(encodeRecord(buffer, 0, 'kept', 'x'.repeat(MAX_PAYLOAD_BYTES)), HEADER_BYTES + MAX_PAYLOAD_BYTES)
  t.throws(() => encodeRecord(buffer, 0, 'kept', 'x'.repeat(MAX_PAYLOAD_BYTES + 1)), RangeError)
  t.throws(() => encodeRecord(buffer, 0, 'kept', '€'.repeat(MAX_PAYLOAD_BYTES / 2)), RangeError)
  t.throws(() => encodeRecord(buffer, 0, 'kept', ''), RangeError)
})
