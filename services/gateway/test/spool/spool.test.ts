import t from 'tap'
import {
  aSpoolEvent,
  eventsIn,
  openTestSpool,
  PRODUCER,
  segmentNames,
  temporaryDirectory
} from './fixtures/spool-directory.ts'

t.test('events are numbered without a gap behind the start of the boot, in the order of the calls', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openTestSpool(t, { directory })
  const receipts = Array.from({ length: 100 }, (_, index) =>
    spool.append(aSpoolEvent({ details: { index } }), index % 3 === 0 ? 'strict' : 'buffered')
  )
  t.same(
    receipts.map(({ seq }) => seq),
    Array.from({ length: 100 }, (_, index) => index + 2)
  )
  t.equal(spool.lastSeq, 1, 'nothing is written before the turn ends')
  await Promise.all(receipts.map((receipt) => receipt.written()))
  const [started, ...events] = eventsIn(directory)
  t.match(started, { type: 'producer.started', producer: PRODUCER, boot: spool.boot, seq: 1 })
  t.same(started?.details, { previous_boot: null, previous_last_seq: null })
  t.same(
    events.map(({ seq, details }) => [seq, details.index]),
    receipts.map(({ seq }, index) => [seq, index])
  )
})

t.test('one turn is one write, and told once', async (t) => {
  const spool = await openTestSpool(t, { directory: temporaryDirectory(t) })
  let writes = 0
  spool.onWritten(() => {
    writes += 1
  })
  await Promise.all([1, 2, 3].map(() => spool.append(aSpoolEvent(), 'buffered').written()))
  t.equal(writes, 1)
  await spool.append(aSpoolEvent(), 'strict').durable()
  t.equal(writes, 2)
})

t.test('a turn may bring more than the buffer holds', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openTestSpool(t, { directory })
  const long = aSpoolEvent({ reason: 'é'.repeat(50_000) })
  await Promise.all(Array.from({ length: 30 }, () => spool.append(long, 'buffered').written()))
  t.equal(eventsIn(directory).length, 31)
})

t.test('segments are rolled at their size, and their names say where they begin', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openTestSpool(t, { directory, segmentBytes: 2_000 })
  for (let index = 0; index < 20; index++) await spool.append(aSpoolEvent(), 'buffered').written()
  const names = segmentNames(directory)
  t.ok(names.length > 3)
  t.same(
    spool.segments.map(({ path }) => path),
    names.map((name) => `${directory}/${name}`)
  )
  let nextSeq = 1
  for (const { firstSeq, lastSeq, boot, bytes } of spool.segments) {
    t.match({ firstSeq, boot }, { firstSeq: nextSeq, boot: spool.boot })
    t.ok(bytes <= 2_000)
    nextSeq = lastSeq + 1
  }
})

t.test('a boot that ends in order says so last, and the next one names it', async (t) => {
  const directory = temporaryDirectory(t)
  const first = await openTestSpool(t, { directory })
  await first.append(aSpoolEvent(), 'buffered').written()
  await first.close()
  t.notOk(first.accepts('strict'))
  t.throws(() => first.append(aSpoolEvent(), 'buffered'), { name: 'Fault' })
  const second = await openTestSpool(t, { directory })
  t.ok(second.boot > first.boot)
  t.match(eventsIn(directory), [
    { type: 'producer.started', boot: first.boot, seq: 1 },
    { type: 'access.allowed', boot: first.boot, seq: 2 },
    { type: 'producer.stopped', boot: first.boot, seq: 3 },
    {
      type: 'producer.started',
      boot: second.boot,
      seq: 1,
      details: { previous_boot: first.boot, previous_last_seq: 3 }
    }
  ])
})

t.test('boots sort in their order although the clock was set back', async (t) => {
  const directory = temporaryDirectory(t)
  const first = await openTestSpool(t, { directory, clock: { now: () => 1_800_000_000_000 } })
  await first.close()
  const second = await openTestSpool(t, { directory, clock: { now: () => 1_700_000_000_000 } })
  t.ok(second.boot > first.boot)
})
