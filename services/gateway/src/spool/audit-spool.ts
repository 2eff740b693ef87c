import type { Bus } from '@patgate/event-bus'
import { createFloodControl, type FloodLimits } from './flood-control.ts'
import { surplusEvent } from './own-events.ts'
import { type ShipperOptions, startShipping } from './shipper.ts'
import { openSpool, type Receipt, type Spool, type SpoolEvent, type SpoolOptions } from './spool.ts'

/** The gateway's audit trail as the rest of the gateway sees it: everything of this folder, put together. */
export interface AuditSpool {
  readonly spool: Spool
  /** False when an event could not be kept: answer 503 before anything is done. */
  accepts(mode: 'strict' | 'buffered'): boolean
  /** Records what somebody with a valid token did. Throws `unavailable` when there is no room. */
  record(event: SpoolEvent, mode: 'strict' | 'buffered'): Receipt
  /** Records a refused request of whoever it was: never fails, and never fills the spool. */
  recordUnauthenticated(event: SpoolEvent): void
  /** Records the end, sends what it can and closes. */
  close(): Promise<void>
}

export interface AuditSpoolOptions extends SpoolOptions {
  readonly bus: Bus
  readonly shipping?: Partial<Omit<ShipperOptions, 'spool' | 'bus' | 'clock' | 'onError'>>
  readonly flood?: FloodLimits
  /** How long the end may wait for NATS; what is not sent then is sent by the next boot. */
  readonly drainWithinMs?: number
}

const SURPLUS_EVERY_MS = 1_000
const DRAIN_WITHIN_MS = 3_000

/** Resolves when this boot's first event is on the disk; NATS may be down. */
export async function openAuditSpool(options: AuditSpoolOptions): Promise<AuditSpool> {
  const { bus, clock, onError, producer } = options
  const spool = await openSpool(options)
  const shipper = startShipping({ ...options.shipping, spool, bus, clock, onError })
  const flood = createFloodControl(clock, options.flood)

  function recordSurplus(until: 'last second' | 'now'): void {
    const surplus = flood.takeSurplus(until)
    if (surplus !== null) spool.append(surplusEvent(producer, surplus), 'unauthenticated')
  }
  const timer = setInterval(() => recordSurplus('last second'), SURPLUS_EVERY_MS).unref()

  return {
    spool,
    accepts: spool.accepts,
    record: spool.append,
    recordUnauthenticated(event) {
      if (flood.admits(event.type, event.actor.address)) spool.append(event, 'unauthenticated')
    },
    async close() {
      clearInterval(timer)
      recordSurplus('now')
      await spool.close()
      await shipper.stop(options.drainWithinMs ?? DRAIN_WITHIN_MS)
    }
  }
}
