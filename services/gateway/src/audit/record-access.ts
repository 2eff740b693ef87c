import { type AuditMode, Fault } from '@patgate/service-kit'
import type { Grant } from '../decision/authorise.ts'
import type { Receipt } from '../spool/spool.ts'
import type { CutReason } from '../streams/open-stream.ts'
import { SWITCHING_PROTOCOLS } from '../web-sockets/switch-protocols.ts'
import type { AccessEvents } from './access-events.ts'
import type { RequestFacts } from './event-parts.ts'

/** How something that was open came to its end. */
export interface Ending {
  /** Null when it was not for the gateway that it ended. */
  readonly cut: CutReason | null
}

/**
 * Records how an allowed request was answered, once, and how it ended where somebody wants that told; resolves when the
 * event is written. Null when there is nothing to wait for.
 */
export type RecordEnd = (status: number | null, ending?: Ending) => Promise<void> | null

/** For routes that nobody is asked on: there is no decision, so there is no event. */
export const NO_RECORD: RecordEnd = () => null

/**
 * Records an allowed request as its route wants it (audit.md, "Durability", 2). `strict`: the decision is durable before
 * the first byte goes upstream, and its end follows. `buffered`: one event, when the answer's status is known and before
 * any of it leaves. Throws `unavailable` when the spool takes nothing: nothing is let through unaudited.
 */
export async function recordAccess(
  events: AccessEvents,
  facts: () => RequestFacts,
  grant: Grant,
  mode: AuditMode
): Promise<RecordEnd> {
  if (!events.accepts(mode)) throw new Fault('unavailable', { message: 'the audit spool takes no more events' })
  if (mode === 'strict') await events.allowed({ ...facts(), durationMs: null }, grant, null, mode).durable()
  let isAnswered = false
  return (status, ending) => {
    // What has only begun has no end to tell of yet, and its decision is on record.
    if (mode === 'strict' && status === SWITCHING_PROTOCOLS && ending === undefined) return null
    if (isAnswered && ending === undefined) return null
    const isEnd = isAnswered || mode === 'strict'
    isAnswered = true
    const cut = ending?.cut ?? null
    if (isEnd && ending !== undefined) return recordEnding(() => events.completed(facts(), grant, status, cut))
    const receipt = isEnd
      ? events.completed(facts(), grant, status, cut)
      : events.allowed(facts(), grant, status, mode, cut)
    return receipt.written()
  }
}

/** What is over cannot be refused any more: an event about it that finds no room must not break anything else. */
function recordEnding(record: () => Receipt): Promise<void> | null {
  try {
    return record().written()
  } catch {
    return null
  }
}
