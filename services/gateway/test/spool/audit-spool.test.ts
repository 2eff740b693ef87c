import { openBus } from '@patgate/event-bus'
import { manualClock, type Teardown, until } from '@patgate/test-kit'
import t from 'tap'
import { type AuditSpool, type AuditSpoolOptions, openAuditSpool } from '../../src/spool/audit-spool.ts'
import { aSpoolEvent, eventsIn, PRODUCER, temporaryDirectory } from './fixtures/spool-directory.ts'

/** With a bus whose server is nowhere: everything here has to work without NATS. */
async function openWithoutNats(
  t: Teardown,
  options: Pick<AuditSpoolOptions, 'directory' | 'clock'>
): Promise<AuditSpool> {
  const bus = openBus({ url: 'nats://127.0.0.1:1', name: 'a gateway' })
  const spool = await openAuditSpool({
    producer: PRODUCER,
    maxBytes: 1_000_000,
    whenFull: 'block',
    onError: () => undefined,
    bus,
    ...options
  })
  t.teardown(async () => {
    await spool.close()
    await bus.close()
  })
  return spool
}

const refused = aSpoolEvent({ type: 'request.rejected', outcome: 'denied' })

t.test('a flood is recorded as a few events and their number, and the number is not lost at the end', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openWithoutNats(t, { directory, clock: manualClock(1_000_000) })
  for (let index = 0; index < 1_000; index++) spool.recordUnauthenticated(refused)
  await spool.close()
  const events = eventsIn(directory)
  t.equal(events.filter(({ type, reason }) => type === 'request.rejected' && reason === null).length, 20)
  t.match(
    events.filter(({ reason }) => reason === 'flood'),
    [{ outcome: 'denied', details: { count: 980, types: { 'request.rejected': 980 } } }]
  )
  t.equal(events.at(-1)?.type, 'producer.stopped')
})

t.test('while it goes on, the number comes after each second', async (t) => {
  const directory = temporaryDirectory(t)
  const clock = manualClock(1_000_000)
  const spool = await openWithoutNats(t, { directory, clock })
  for (let index = 0; index < 50; index++) spool.recordUnauthenticated(refused)
  clock.advance(1_000)
  const surplus = await until(() => eventsIn(directory).find(({ reason }) => reason === 'flood'))
  t.match(surplus.details, { count: 30 })
})

t.test('what somebody with a token did is never counted as a flood', async (t) => {
  const directory = temporaryDirectory(t)
  const spool = await openWithoutNats(t, { directory, clock: manualClock(1_000_000) })
  await Promise.all(Array.from({ length: 1_000 }, () => spool.record(aSpoolEvent(), 'buffered').written()))
  t.equal(eventsIn(directory).length, 1_001)
})
