import type { AuditEvent } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import { v7 as uuidv7 } from 'uuid'
import type { StoreDeps } from '../store/store-batch.ts'
import { storeOrPark } from '../store/store-or-park.ts'

/** Events of this producer never come over the bus: the audit service stores them itself. */
export const OWN_PRODUCER = 'audit-service'

/** An event before it has its number. */
export type OwnEvent = Omit<AuditEvent, 'id' | 'producer' | 'boot' | 'seq' | 'time'>

/** The audit service as a producer of events. */
export interface OwnLog {
  /** This process, as a producer. */
  readonly boot: string
  /** Resolves when the event is committed. */
  record(event: OwnEvent): Promise<void>
}

interface Waiting {
  readonly event: AuditEvent
  /** Null once its caller was told that the event could not be stored. */
  settle: PromiseWithResolvers<void> | null
}

/**
 * Writes this process's own events through the same storing as all others. One batch at a time: what comes meanwhile
 * waits for the next. An event keeps its number through failures and is tried again before any other, because nobody
 * can know whether a commit that was not confirmed took place.
 */
export function openOwnLog(deps: StoreDeps): OwnLog {
  const boot = uuidv7()
  let seq = 0
  let waiting: Waiting[] = []
  let isStoring = false

  async function storeWaiting(): Promise<void> {
    if (isStoring) return
    isStoring = true
    while (waiting.some(({ settle }) => settle !== null)) {
      const batch = waiting
      waiting = []
      await storeOrKeep(batch)
    }
    isStoring = false
  }

  async function storeOrKeep(batch: Waiting[]): Promise<void> {
    try {
      await storeOrPark(deps, { arrivals: batch.map(({ event }) => ({ subject: OWN_PRODUCER, event })), parked: [] })
      for (const { settle } of batch) settle?.resolve()
    } catch (error) {
      for (const entry of batch) {
        entry.settle?.reject(error)
        entry.settle = null
      }
      waiting = [...batch, ...waiting]
    }
  }

  return {
    boot,
    record(event) {
      seq += 1
      const settle = Promise.withResolvers<void>()
      waiting.push({ event: { ...numbered(deps.clock, boot, seq), ...event }, settle })
      void storeWaiting()
      return settle.promise
    }
  }
}

function numbered(
  clock: Clock,
  boot: string,
  seq: number
): Pick<AuditEvent, 'id' | 'producer' | 'boot' | 'seq' | 'time'> {
  const nowMs = clock.now()
  return { id: uuidv7({ msecs: nowMs }), producer: OWN_PRODUCER, boot, seq, time: new Date(nowMs).toISOString() }
}
