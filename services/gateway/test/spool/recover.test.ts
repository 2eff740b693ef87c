import { copyFileSync, mkdirSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditEvent } from '@patgate/contracts'
import type { Teardown } from '@patgate/test-kit'
import t from 'tap'
import { type Mended, recoverSegments } from '../../src/spool/recover.ts'
import {
  aSpoolEvent,
  eventsIn,
  openTestSpool,
  PRODUCER,
  segmentNames,
  temporaryDirectory
} from './fixtures/spool-directory.ts'

/** A folder as a boot leaves it that did not end in order: seven events in segments of two. */
async function abandonedSpool(t: Teardown, segmentBytes = 1_000): Promise<{ directory: string; names: string[] }> {
  const source = temporaryDirectory(t)
  const spool = await openTestSpool(t, { directory: source, segmentBytes })
  for (let index = 0; index < 6; index++) await spool.append(aSpoolEvent(), 'buffered').written()
  const directory = join(temporaryDirectory(t), 'copy')
  mkdirSync(directory)
  const names = segmentNames(source)
  for (const name of names) copyFileSync(join(source, name), join(directory, name))
  return { directory, names }
}

async function recover(directory: string) {
  const mended: Mended[] = []
  const recovered = await recoverSegments({ directory, producer: PRODUCER, nowMs: 0, onMended: (m) => mended.push(m) })
  return { ...recovered, mended }
}

const seqsOf = (events: readonly AuditEvent[]): number[] => events.map(({ seq }) => seq)

t.test('what a boot left is read as it was, and the folder is made where there is none', async (t) => {
  const { directory } = await abandonedSpool(t)
  const { segments, previous, mended } = await recover(directory)
  t.same(
    segments.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq]),
    [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 7]
    ]
  )
  t.equal(previous?.lastSeq, 7)
  t.same(mended, [])
  const fresh = await recover(join(temporaryDirectory(t), 'a', 'b'))
  t.match(fresh, { segments: [], previous: null })
})

t.test('a last record torn at any byte is cut, and those before it stay', async (t) => {
  const { directory, names } = await abandonedSpool(t, 1_000_000)
  const path = join(directory, names[0] ?? '')
  const whole = readFileSync(path)
  const withoutLast = (await recover(directory)).segments[0]?.bytes ?? 0
  t.equal(withoutLast, whole.length)
  for (let length = whole.length - 1; length > whole.length - 300; length--) {
    writeFileSync(path, whole.subarray(0, length))
    const { previous, segments, mended } = await recover(directory)
    if (previous?.lastSeq !== 6 || mended.length !== 1) t.fail(`cut at byte ${length}`)
    if (readFileSync(path).length !== segments[0]?.bytes) t.fail(`not cut on the disk at byte ${length}`)
  }
  t.same(seqsOf(eventsIn(directory)), [1, 2, 3, 4, 5, 6])
})

t.test('a boot whose only segment has no whole record is named without a last number', async (t) => {
  const { directory, names } = await abandonedSpool(t, 1_000_000)
  truncateSync(join(directory, names[0] ?? ''), 5)
  const { segments, previous } = await recover(directory)
  t.same(segments, [])
  t.same(previous, { boot: names[0]?.slice(0, 36), lastSeq: null })
  t.same(segmentNames(directory), [], 'the empty file is gone')
})

t.test('a hole in the middle, of damage or of a lost file, is filled with gaps under the lost numbers', async (t) => {
  const { directory, names } = await abandonedSpool(t)
  const damaged = join(directory, names[1] ?? '')
  const content = readFileSync(damaged)
  content[content.length - 1] = 0
  writeFileSync(damaged, content)
  unlinkSync(join(directory, names[2] ?? ''))
  const { segments, mended } = await recover(directory)
  const events = eventsIn(directory)
  t.same(seqsOf(events), [1, 2, 3, 4, 5, 6, 7])
  for (const event of events.slice(3, 6)) {
    t.match(event, { type: 'audit.gap', details: { reason: 'spool_damaged', count: 1 } })
  }
  t.same(
    segments.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq]),
    [
      [1, 2],
      [3, 3],
      [4, 6],
      [7, 7]
    ]
  )
  t.match(mended, [
    { kind: 'cut', path: damaged },
    { kind: 'filled', firstSeq: 4, lastSeq: 6 }
  ])
  t.same((await recover(directory)).mended, [], 'mended once')
})

t.test('files of others in the folder are left alone', async (t) => {
  const { directory } = await abandonedSpool(t)
  writeFileSync(join(directory, 'README'), 'not ours')
  await recover(directory)
  t.equal(readFileSync(join(directory, 'README'), 'utf8'), 'not ours')
})

t.test('the bytes of unauthenticated events are known again', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openTestSpool(t, { directory })
  await spool.append(aSpoolEvent(), 'unauthenticated').written()
  await spool.append(aSpoolEvent(), 'buffered').written()
  const [segment] = spool.segments
  const { segments } = await recover(directory)
  t.ok((segment?.unauthenticatedBytes ?? 0) > 0)
  t.match(segments, [{ unauthenticatedBytes: segment?.unauthenticatedBytes, bytes: segment?.bytes }])
})
