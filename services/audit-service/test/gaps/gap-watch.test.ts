import { type AuditEvent, type MissingEventsDetails, SUBJECTS } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import { sql } from 'kysely'
import t from 'tap'
import { createGapWatch } from '../../src/gaps/gap-watch.ts'
import { openOwnLog } from '../../src/own-events/own-log.ts'
import { storeBatch } from '../../src/store/store-batch.ts'
import { openAuditStore } from '../fixtures/audit-store.ts'
import { anEvent, BOOT } from '../fixtures/event.ts'
import { openProducer } from '../fixtures/producer.ts'
import { runService } from '../fixtures/running-service.ts'

const FIRST = '01890000-0000-7000-8000-00000000b001'
const SECOND = '01890000-0000-7000-8000-00000000b002'
const THIRD = '01890000-0000-7000-8000-00000000b003'

t.test('what producers sent and the log has not', async (t) => {
  const store = await openAuditStore(t)
  const { database, clock } = store
  let canHear = true
  const logger = { error: () => undefined } as never
  const watch = createGapWatch({ ...store, logger, ownLog: openOwnLog(store), canHear: () => canHear })
  const put = (...events: AuditEvent[]) => storeBatch(store, { events, parked: [] })
  const of = (producer: string, boot: string, seq: number, overrides: Partial<AuditEvent> = {}) =>
    anEvent(seq, { producer, boot, ...overrides })
  const started = (producer: string, boot: string, previous_boot: string | null, previous_last_seq: number | null) =>
    of(producer, boot, 1, { type: 'producer.started', details: { previous_boot, previous_last_seq } })
  const stopped = (producer: string, boot: string, seq: number) => of(producer, boot, seq, { type: 'producer.stopped' })
  const gaps = async (producer: string) => {
    const rows = await database
      .selectFrom('audit_events')
      .select('event')
      .where('type', '=', 'audit.gap')
      .orderBy('leaf_index')
      .execute()
    return rows
      .map(({ event }) => event.details as unknown as MissingEventsDetails)
      .filter((details) => details.producer === producer)
      .map(({ reason, boot, stored_seq, told_seq, missing }) => ({ reason, boot, stored_seq, told_seq, missing }))
  }
  const waitAMinute = async () => {
    await watch.look()
    clock.advance(61_000)
    await watch.look()
  }

  await t.test('a hole that stays for a minute is told once, with what is missing', async (t) => {
    await put(started('holes', FIRST, null, null), of('holes', FIRST, 2), of('holes', FIRST, 5), of('holes', FIRST, 9))
    await put(stopped('holes', FIRST, 10))
    await watch.look()
    clock.advance(59_000)
    await watch.look()
    t.same(await gaps('holes'), [], 'not before')
    clock.advance(2_000)
    await watch.look()
    const missing = [
      { from: 3, to: 4 },
      { from: 6, to: 8 }
    ]
    t.match(await gaps('holes'), [{ reason: 'hole', boot: FIRST, stored_seq: 2, missing }])
    await waitAMinute()
    t.equal((await gaps('holes')).length, 1)
    await put(of('holes', FIRST, 3), of('holes', FIRST, 4))
    await waitAMinute()
    t.match((await gaps('holes')).at(1), { stored_seq: 5, missing: [{ from: 6, to: 8 }] })
    await put(of('holes', FIRST, 6), of('holes', FIRST, 7), of('holes', FIRST, 8))
    await waitAMinute()
    t.equal((await gaps('holes')).length, 2, 'nothing is missing any more')
  })

  await t.test('a boot that ends in order, and whose successor knows it, is no gap', async (t) => {
    await put(started('orderly', FIRST, null, null), of('orderly', FIRST, 2), stopped('orderly', FIRST, 3))
    await put(started('orderly', SECOND, FIRST, 3), stopped('orderly', SECOND, 2))
    await put(started('orderly', THIRD, SECOND, 2), stopped('orderly', THIRD, 2))
    await waitAMinute()
    t.same(await gaps('orderly'), [])
  })

  await t.test(
    'a boot that was killed, and whose spool its successor found, is no gap once that is stored',
    async (t) => {
      await put(started('killed', FIRST, null, null), of('killed', FIRST, 2))
      await put(started('killed', SECOND, FIRST, 4), stopped('killed', SECOND, 2))
      await waitAMinute()
      t.match(await gaps('killed'), [{ reason: 'behind', boot: FIRST, stored_seq: 2, told_seq: 4 }])
      await put(of('killed', FIRST, 3), of('killed', FIRST, 4))
      await waitAMinute()
      t.equal((await gaps('killed')).length, 1)
    }
  )

  await t.test('a boot that falls silent is told, and again when it was heard in between', async (t) => {
    await put(started('silent', FIRST, null, null))
    await waitAMinute()
    t.match(await gaps('silent'), [{ reason: 'silent', boot: FIRST, stored_seq: 1, told_seq: null }])
    await put(of('silent', FIRST, 2))
    await watch.look()
    await waitAMinute()
    t.equal((await gaps('silent')).length, 2)
    await put(stopped('silent', FIRST, 3))
  })

  await t.test('a boot whose spool is gone has a tail that nobody knows', async (t) => {
    await put(started('wiped', FIRST, null, null), of('wiped', FIRST, 2))
    await put(started('wiped', SECOND, null, null), stopped('wiped', SECOND, 2))
    await put(started('emptied', FIRST, null, null))
    await put(started('emptied', SECOND, FIRST, null), stopped('emptied', SECOND, 2))
    await waitAMinute()
    t.match(await gaps('wiped'), [{ reason: 'unknown_tail', boot: FIRST, stored_seq: 2 }])
    t.match(await gaps('emptied'), [{ reason: 'unknown_tail', boot: FIRST }])
    await waitAMinute()
    t.equal((await gaps('wiped')).length, 1)
  })

  await t.test('a boot that waits while an older one of its producer is sent is no gap', async (t) => {
    await put(started('draining', FIRST, null, null), stopped('draining', FIRST, 9))
    await put(started('draining', SECOND, FIRST, 9))
    const told = { told_seq: 50, has_begun: true }
    await database.updateTable('audit_boots').set(told).where('producer', '=', 'draining').execute()
    await watch.look()
    for (let seq = 2; seq < 8; seq += 1) {
      clock.advance(30_000)
      await put(of('draining', FIRST, seq))
      await database
        .updateTable('audit_boots')
        .set({ heard_at: sql<Date>`clock_timestamp()` })
        .where('producer', '=', 'draining')
        .execute()
      await watch.look()
    }
    t.same(
      (await gaps('draining')).filter(({ boot }) => boot === SECOND),
      []
    )
  })

  await t.test('while nobody can be heard, silence means nothing', async (t) => {
    await put(started('unheard', FIRST, null, null))
    await watch.look()
    canHear = false
    clock.advance(300_000)
    await watch.look()
    canHear = true
    await watch.look()
    t.same(await gaps('unheard'), [])
    clock.advance(61_000)
    await watch.look()
    t.equal((await gaps('unheard')).length, 1)
  })

  await t.test('the gaps that are open are counted', async (t) => {
    const { values } = await store.metrics.openGaps.get()
    t.ok(values.some(({ labels, value }) => labels.reason === 'unknown_tail' && value === 2))
  })
})

t.test('a producer that asks how far it is stored is answered, and its heartbeat is noted', async (t) => {
  const service = await runService(t)
  const producer = await openProducer(t, service)
  const announced = await producer.listen()
  await service.store([anEvent(1), anEvent(2), anEvent(4)])
  const connection = await producer.bus.connection
  const ask = () => connection.publish(SUBJECTS.auditPosition, JSON.stringify({ producer: 'gateway-1', boot: BOOT }))
  ask()
  await until(() => announced.includes(2))
  const unknown: number[] = []
  connection.subscribe(SUBJECTS.auditCommitted, {
    callback(_error, message) {
      const { boot, contiguous_seq } = message.json<{ boot: string; contiguous_seq: number }>()
      if (boot === FIRST) unknown.push(contiguous_seq)
    }
  })
  connection.publish(SUBJECTS.auditPosition, 'no question')
  connection.publish(SUBJECTS.auditPosition, JSON.stringify({ producer: 'nobody', boot: FIRST }))
  await until(() => unknown.length === 1)
  t.same(unknown, [0], 'nothing of an unknown boot is stored')
  connection.publish(SUBJECTS.auditHeartbeat, JSON.stringify({ producer: 'gateway-1', boot: BOOT, last_seq: 7 }))
  connection.publish(SUBJECTS.auditHeartbeat, JSON.stringify({ producer: 'gateway-1', boot: BOOT, last_seq: 6 }))
  const told = () => service.database.selectFrom('audit_boots').select('told_seq').where('boot', '=', BOOT).execute()
  await until(async () => (await told())[0]?.told_seq === 7)
})
