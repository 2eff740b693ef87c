import { readFileSync, writeFileSync } from 'node:fs'
import { EventBatch } from '@patgate/contracts'
import t from 'tap'
import { Compile } from 'typebox/compile'
import { BATCH_BYTES, type Batch } from '../../src/spool/batch.ts'
import { createSpoolReader, type SpoolReader } from '../../src/spool/spool-reader.ts'
import { aSpoolEvent, openTestSpool, temporaryDirectory } from './fixtures/spool-directory.ts'

const batchSchema = Compile(EventBatch)

async function readAll(reader: SpoolReader): Promise<Batch[]> {
  const batches: Batch[] = []
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) batches.push(batch)
  return batches
}

const rangesOf = (batches: readonly Batch[]): number[][] => batches.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])

t.test('a batch keeps the contract, and both its limits', async (t) => {
  const spool = await openTestSpool(t, { directory: temporaryDirectory(t) })
  for (let turn = 0; turn < 12; turn++) {
    await Promise.all(Array.from({ length: 100 }, () => spool.append(aSpoolEvent(), 'buffered').written()))
  }
  const long = aSpoolEvent({ reason: 'x'.repeat(200_000) })
  await Promise.all([1, 2, 3, 4, 5].map(() => spool.append(long, 'buffered').written()))
  const reader = createSpoolReader({ segments: spool.segments, committedOf: () => 0, onError: () => t.fail() })
  const batches = await readAll(reader)
  t.same(rangesOf(batches), [
    [1, 500],
    [501, 1_000],
    [1_001, 1_203],
    [1_204, 1_205],
    [1_206, 1_206]
  ])
  for (const { body, firstSeq, boot } of batches) {
    t.ok(body.length <= BATCH_BYTES + 100)
    const batch: unknown = JSON.parse(body.toString())
    t.ok(batchSchema.Check(batch))
    t.match(batch, { events: [{ seq: firstSeq, boot }] })
  }
  await reader.rewind()
})

t.test(
  'it goes on where it was when the spool has grown, across segments, and begins again behind what is stored',
  async (t) => {
    const spool = await openTestSpool(t, { directory: temporaryDirectory(t), segmentBytes: 1_000 })
    let committed = 0
    const reader = createSpoolReader({
      segments: spool.segments,
      committedOf: () => committed,
      onError: () => t.fail()
    })
    t.same(rangesOf(await readAll(reader)), [[1, 1]])
    t.equal(await reader.next(), null)
    for (let index = 0; index < 6; index++) await spool.append(aSpoolEvent(), 'buffered').written()
    t.same(rangesOf(await readAll(reader)), [
      [2, 2],
      [3, 4],
      [5, 6],
      [7, 7]
    ])
    committed = 3
    await reader.rewind()
    t.same(rangesOf(await readAll(reader)), [
      [4, 4],
      [5, 6],
      [7, 7]
    ])
    committed = 7
    await reader.rewind()
    t.equal(await reader.next(), null)
  }
)

t.test('a segment that went bad is told of and does not keep back the others', async (t) => {
  const spool = await openTestSpool(t, { directory: temporaryDirectory(t), segmentBytes: 1_000 })
  for (let index = 0; index < 6; index++) await spool.append(aSpoolEvent(), 'buffered').written()
  const path = spool.segments[1]?.path ?? ''
  const content = readFileSync(path)
  content[10] = (content[10] ?? 0) ^ 1
  writeFileSync(path, content)
  const errors: unknown[] = []
  const reader = createSpoolReader({
    segments: spool.segments,
    committedOf: () => 0,
    onError: (error) => errors.push(error)
  })
  t.same(rangesOf(await readAll(reader)), [
    [1, 2],
    [5, 6],
    [7, 7]
  ])
  t.match(errors, [{ message: /is damaged at byte 0/ }])
  await reader.rewind()
})
