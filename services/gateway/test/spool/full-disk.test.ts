import { statSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@patgate/test-kit'
import t from 'tap'
import { fileSizeLimit } from './fixtures/file-size-limit.ts'
import { aSpoolEvent, eventsIn, openTestSpool, segmentNames, temporaryDirectory } from './fixtures/spool-directory.ts'

const LIMIT_BYTES = 5_000
const RETRY_MS = 5

t.test('strict: what the disk does not take is refused, and nothing of it is left behind', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openTestSpool(t, { directory, retryAfterMs: 60_000 })
  const limit = fileSizeLimit(t)
  limit(LIMIT_BYTES)
  let lastSeq: number | null = 0
  const failure = await t.rejects(async () => {
    for (;;) {
      const receipt = spool.append(aSpoolEvent(), 'strict')
      await receipt.durable()
      lastSeq = receipt.seq
    }
  })
  t.match(failure, { kind: 'unavailable', cause: { code: 'EFBIG' } })
  t.notOk(spool.accepts('strict'))
  t.notOk(spool.accepts('buffered'))
  t.throws(() => spool.append(aSpoolEvent(), 'strict'), { name: 'Fault' })
  t.equal(spool.lastSeq, lastSeq)
  t.equal(eventsIn(directory).at(-1)?.seq, lastSeq)
  t.match(spool.errors, [{ kind: 'unavailable' }])
  limit(null)
})

t.test('when the disk takes events again the numbers go on without a hole, behind the gap', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openTestSpool(t, { directory, retryAfterMs: RETRY_MS })
  const limit = fileSizeLimit(t)
  limit(spool.usedBytes + 100)
  const group = Array.from({ length: 20 }, () => spool.append(aSpoolEvent(), 'buffered').written())
  const outcomes = await Promise.allSettled(group)
  t.ok(
    outcomes.every(({ status }) => status === 'rejected'),
    'a group is written whole or not at all'
  )
  await until(() => spool.errors.length > 3, { message: 'it was tried again and again' })
  t.ok(statSync(join(directory, segmentNames(directory)[0] ?? '')).size <= spool.usedBytes + 100)
  limit(null)
  await until(() => spool.accepts('strict') && spool.lastSeq > 1)
  await spool.append(aSpoolEvent(), 'strict').durable()
  const events = eventsIn(directory)
  t.match(events, [
    { type: 'producer.started', seq: 1 },
    { type: 'audit.gap', seq: 2, details: { reason: 'spool_unwritable', count: 20 } },
    { type: 'access.allowed', seq: 3 }
  ])
  t.equal(events.length, 3)
})

t.test('drop: the request goes on, and the gap says how many were not recorded', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openTestSpool(t, { directory, whenFull: 'drop', retryAfterMs: RETRY_MS })
  const limit = fileSizeLimit(t)
  limit(100)
  await Promise.all([1, 2].map(() => spool.append(aSpoolEvent(), 'buffered').written()))
  await spool.append(aSpoolEvent(), 'buffered').durable()
  t.throws(() => spool.append(aSpoolEvent(), 'strict'), { name: 'Fault' })
  limit(null)
  await until(() => eventsIn(directory).some(({ type }) => type === 'audit.gap'))
  t.match(eventsIn(directory)[1], { seq: 2, details: { reason: 'spool_unwritable', count: 3 } })
})

t.test('a gateway that starts with a full disk begins its boot as soon as there is room', async (t) => {
  const directory = temporaryDirectory(t)
  const limit = fileSizeLimit(t)
  limit(10)
  const spool = await openTestSpool(t, { directory, retryAfterMs: RETRY_MS })
  t.notOk(spool.accepts('strict'))
  limit(null)
  await until(() => spool.accepts('strict'))
  await spool.append(aSpoolEvent(), 'strict').durable()
  t.match(eventsIn(directory), [
    { type: 'producer.started', seq: 1 },
    { type: 'access.allowed', seq: 2 }
  ])
})
