import type { OwnLog } from './own-log.ts'
import { serviceEvent } from './service-event.ts'

/** Opens this process's boot in the log: the first event of every producer (audit.md, "Durability" 4). */
export function recordStart(ownLog: OwnLog): Promise<void> {
  // Replicas come and go side by side, so none has one certain predecessor.
  return ownLog.record(serviceEvent('producer.started', 'success', { previous_boot: null, previous_last_seq: null }))
}

/** Closes the boot: a producer that falls silent without this is a gap. */
export function recordStop(ownLog: OwnLog): Promise<void> {
  return ownLog.record(serviceEvent('producer.stopped', 'success', {}))
}
