import t from 'tap'
import { newSegment } from '../../src/spool/segment.ts'
import { createSegmentFile } from '../../src/spool/segment-file.ts'
import { createSyncer } from '../../src/spool/syncer.ts'
import { temporaryDirectory } from './fixtures/spool-directory.ts'

const BOOT = '01890000-0000-7000-8000-00000000b007'

t.test('all who wait at the same time share one round, and who comes later gets the next', async (t) => {
  const directory = temporaryDirectory(t)
  const file = createSegmentFile(newSegment(directory, BOOT, 1))
  const syncer = createSyncer(directory, () => t.fail())
  syncer.wrote(file)
  const first = syncer.durable()
  t.equal(syncer.durable(), first)
  await Promise.resolve().then(() => undefined)
  syncer.wrote(file)
  const second = syncer.durable()
  t.not(second, first, 'the first round may have passed the file already')
  syncer.retire(file)
  await Promise.all([first, second, syncer.durable()])
  t.throws(() => file.append(Buffer.from('x')), { code: 'EBADF' }, 'a retired file is closed once it is synced')
})

t.test('a file that could not be synced is not believed the next time', async (t) => {
  const directory = temporaryDirectory(t)
  const file = createSegmentFile(newSegment(directory, BOOT, 1))
  const failures: unknown[] = []
  const syncer = createSyncer(directory, (error) => failures.push(error))
  // A descriptor that nobody opened stands for a disk that fails.
  const bad = { ...file, fd: 1_000_000 }
  syncer.wrote(bad)
  await t.rejects(syncer.durable(), { code: 'EBADF' })
  syncer.wrote(file)
  await syncer.durable()
  syncer.wrote(bad)
  await t.rejects(syncer.durable())
  t.equal(failures.length, 2)
  file.close()
})
