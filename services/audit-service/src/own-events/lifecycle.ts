import type { OwnEvent, OwnLog } from './own-log.ts'

/** Opens this process's boot in the log: the first event of every producer (audit.md, "Durability" 4). */
export function recordStart(ownLog: OwnLog): Promise<void> {
  // Replicas come and go side by side, so none has one certain predecessor.
  return ownLog.record(lifecycleEvent('producer.started', { previous_boot: null, previous_last_seq: null }))
}

/** Closes the boot: a producer that falls silent without this is a gap. */
export function recordStop(ownLog: OwnLog): Promise<void> {
  return ownLog.record(lifecycleEvent('producer.stopped', {}))
}

function lifecycleEvent(type: 'producer.started' | 'producer.stopped', details: Record<string, unknown>): OwnEvent {
  return {
    type,
    outcome: 'success',
    actor: {
      kind: 'service',
      id: null,
      name: 'audit-service',
      token_id: null,
      session_id: null,
      address: null,
      user_agent: null
    },
    group: null,
    target: null,
    operation: null,
    reason: null,
    request: null,
    details
  }
}
