import { invalidField } from '@patgate/service-kit'
import type { NewPart } from './follow-events.ts'

/** Sent at once, so that whoever connects knows that it works; and how soon a browser comes back after a break. */
export const OPENING = ': the audit log follows\nretry: 1000\n\n'

/**
 * A part as server-sent events. The id is the place in the log; a part without events still moves it on, so that whoever
 * comes back does not look through the same silence again.
 */
export function formatPart({ rows, end }: NewPart): string {
  const events = rows.map(({ leaf_index, event }) => `id: ${leaf_index}\ndata: ${JSON.stringify(event)}\n\n`)
  const isAtEnd = rows.at(-1)?.leaf_index === end - 1
  return isAtEnd || end === 0 ? events.join('') : `${events.join('')}: here\nid: ${end - 1}\n\n`
}

/** Where to go on, by the `Last-Event-ID` of a client that was here before; `size` for one that was not. */
export function beginOf(lastEventId: string | undefined, size: number): number {
  if (lastEventId === undefined || lastEventId === '') return size
  const last = /^[0-9]{1,16}$/.test(lastEventId) ? Number(lastEventId) : Number.NaN
  if (last < size) return last + 1
  throw invalidField('/last-event-id', 'is not an event of this log: leave it out to begin with what comes now')
}
