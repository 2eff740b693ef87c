import type { AuditEvent } from '@patgate/contracts'
import { createEventIds } from './event-id.ts'

/** An event before the spool has given it its id, its number and its time. */
export type SpoolEvent = Omit<AuditEvent, 'id' | 'producer' | 'boot' | 'seq' | 'time'>

/** Writes the whole event as JSON. */
export type Envelope = (event: SpoolEvent, seq: number, nowMs: number) => string

const SECOND_MS = 1_000

/** For one producer's boot. The new members are put before those of the event, which is written only once. */
export function createEnvelope(producer: string, boot: string): Envelope {
  const nextId = createEventIds()
  const who = `","producer":${JSON.stringify(producer)},"boot":"${boot}","seq":`
  let second = -1
  let secondText = ''

  function timestamp(nowMs: number): string {
    const ms = nowMs % SECOND_MS
    if (nowMs - ms !== second) {
      second = nowMs - ms
      secondText = new Date(second).toISOString().slice(0, -'000Z'.length)
    }
    return `${secondText}${String(ms).padStart(3, '0')}Z`
  }

  return (event, seq, nowMs) =>
    `{"id":"${nextId(nowMs)}${who}${seq},"time":"${timestamp(nowMs)}",${JSON.stringify(event).slice(1)}`
}
