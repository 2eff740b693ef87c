import { manualClock, until } from '@patgate/test-kit'
import t from 'tap'
import type { Keeping, Spool } from '../../src/spool/spool.ts'
import { aSpoolEvent, eventsIn, openTestSpool, segmentNames, temporaryDirectory } from './fixtures/spool-directory.ts'

const MAX_BYTES = 64 * 1024

/** Appends turn by turn until an event is not kept, and answers how many were. */
async function fill(spool: Spool, keeping: Keeping): Promise<number> {
  for (let kept = 0; ; kept++) {
    if (!spool.accepts(keeping)) return kept
    const receipt = spool.append(aSpoolEvent(), keeping)
    if (receipt.seq === null) return kept
    await receipt.written()
  }
}

t.test('block: a full spool refuses before anything is done, and stays within its bound', async (t) => {
  const spool = await openTestSpool(t, { directory: temporaryDirectory(t), maxBytes: MAX_BYTES })
  t.ok((await fill(spool, 'buffered')) > 50)
  t.ok(spool.usedBytes <= MAX_BYTES)
  for (const keeping of ['buffered', 'strict'] as const) {
    t.notOk(spool.accepts(keeping))
    t.throws(() => spool.append(aSpoolEvent(), keeping), { name: 'Fault' })
  }
})

t.test('drop: a full spool gives events up, counts them and tells of them when there is room', async (t) => {
  const directory = temporaryDirectory(t)
  const lost: unknown[] = []
  const spool = await openTestSpool(t, {
    directory,
    maxBytes: MAX_BYTES,
    whenFull: 'drop',
    tidyEveryMs: 5,
    onLost: (...loss) => lost.push(loss)
  })
  await fill(spool, 'buffered').catch(() => undefined)
  for (let index = 0; index < 6; index++) await spool.append(aSpoolEvent(), 'buffered').durable()
  t.ok(spool.accepts('buffered'))
  t.notOk(spool.accepts('strict'), 'nothing is let through unaudited where that was asked for')
  t.same(lost, Array(7).fill(['spool_full', 1]))
  spool.committed(spool.boot, spool.lastSeq)
  await spool.append(aSpoolEvent(), 'strict').written()
  await until(() => eventsIn(directory).some(({ type }) => type === 'audit.gap'))
  const events = eventsIn(directory)
  t.match(
    events.find(({ type }) => type === 'audit.gap'),
    { outcome: 'failure', reason: 'spool_full', details: { count: 7 } }
  )
  t.equal(events.filter(({ type }) => type === 'audit.gap').length, 1)
})

t.test('whoever has no token fills a tenth, blocks nobody and is given up first', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openTestSpool(t, { directory, maxBytes: MAX_BYTES, tidyEveryMs: 5 })
  const kept = await fill(spool, 'unauthenticated')
  t.ok(spool.usedBytes < MAX_BYTES * 0.12, `${kept} events took ${spool.usedBytes} bytes`)
  t.ok(spool.accepts('unauthenticated'), 'and is never told so')
  t.ok((await fill(spool, 'buffered')) > 5 * kept, 'the rest is there for those who have one')
  spool.committed(spool.boot, spool.lastSeq)
  await until(() => eventsIn(directory).some(({ details }) => details.reason === 'unauthenticated_limit'))
})

t.test('a segment is removed when it has been stored for long enough, and the newest one never', async (t) => {
  const directory = temporaryDirectory(t)
  const clock = manualClock(1_000_000)
  const spool = await openTestSpool(t, {
    directory,
    clock,
    segmentBytes: 1_000,
    tidyEveryMs: 5,
    keepCoveredMs: 600_000
  })
  for (let index = 0; index < 10; index++) await spool.append(aSpoolEvent(), 'buffered').written()
  const names = segmentNames(directory)
  spool.committed(spool.boot, 4)
  clock.advance(300_000)
  spool.committed(spool.boot, spool.lastSeq)
  clock.advance(300_000)
  await until(() => segmentNames(directory).length === names.length - 2)
  t.same(segmentNames(directory), names.slice(2), 'only what was stored ten minutes ago')
  clock.advance(300_000)
  await until(() => segmentNames(directory).length === 1)
  t.same(segmentNames(directory), names.slice(-1))
})

t.test('a commit that is taken back keeps its segments', async (t) => {
  const directory = temporaryDirectory(t)
  const clock = manualClock(1_000_000)
  const spool = await openTestSpool(t, {
    directory,
    clock,
    segmentBytes: 1_000,
    tidyEveryMs: 5,
    keepCoveredMs: 600_000
  })
  for (let index = 0; index < 10; index++) await spool.append(aSpoolEvent(), 'buffered').written()
  const names = segmentNames(directory)
  spool.committed(spool.boot, spool.lastSeq)
  spool.committed(spool.boot, 2)
  clock.advance(600_000)
  await until(() => segmentNames(directory).length === names.length - 1)
  t.same(segmentNames(directory), names.slice(1))
})

t.test('stored segments make room before anybody is refused', async (t) => {
  const spool = await openTestSpool(t, {
    directory: temporaryDirectory(t),
    maxBytes: MAX_BYTES,
    keepCoveredMs: 600_000
  })
  await fill(spool, 'buffered')
  spool.committed(spool.boot, spool.lastSeq)
  t.ok(spool.accepts('strict'))
  t.ok((await fill(spool, 'strict')) > 50)
})
