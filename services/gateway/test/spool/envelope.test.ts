import { AuditEvent } from '@patgate/contracts'
import t from 'tap'
import { Compile } from 'typebox/compile'
import { createEnvelope } from '../../src/spool/envelope.ts'
import { createEventIds, timeOfId } from '../../src/spool/event-id.ts'
import { aSpoolEvent, PRODUCER } from './fixtures/spool-directory.ts'

const BOOT = '01890000-0000-7000-8000-00000000b007'
const auditEvent = Compile(AuditEvent)

t.test('the written event keeps the contract and carries everything that was given', async (t) => {
  const envelope = createEnvelope('gateway:"quoted"', BOOT)
  const nowMs = Date.parse('2026-03-01T12:00:00.007Z')
  const event = aSpoolEvent({ reason: 'a "quote", a \ud800 half and a \u0000' })
  const written: unknown = JSON.parse(envelope(event, 41, nowMs))
  t.ok(auditEvent.Check(written), JSON.stringify(auditEvent.Errors(written)))
  t.match(written, { ...event, producer: 'gateway:"quoted"', boot: BOOT, seq: 41, time: '2026-03-01T12:00:00.007Z' })
})

t.test('the time is that of each event, across seconds and back', async (t) => {
  const envelope = createEnvelope(PRODUCER, BOOT)
  for (const nowMs of [999, 1_000, 1_001, 59_999, 60_000, 5, Date.parse('2026-12-31T23:59:59.999Z')]) {
    const { time } = JSON.parse(envelope(aSpoolEvent(), 1, nowMs)) as AuditEvent
    t.equal(time, new Date(nowMs).toISOString())
  }
})

t.test('ids are UUIDs of version 7, each of them new', async (t) => {
  const nextId = createEventIds()
  const nowMs = Date.parse('2026-03-01T12:00:00.007Z')
  const ids = Array.from({ length: 20_000 }, (_, index) => nextId(nowMs + (index >> 10)))
  t.equal(new Set(ids).size, ids.length)
  t.ok(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)))
  t.equal(timeOfId(ids[0] ?? ''), nowMs)
})
