import { type ChangeMessage, SUBJECTS } from '@patgate/contracts'
import type { Bus } from '@patgate/event-bus'

/**
 * Tells the holders of snapshots what has just changed: the fast path, and no more than that. A message that is lost
 * is made up for by the change log itself, so nothing is retried and nobody waits.
 */
export function announceChanges(bus: Bus, changes: readonly ChangeMessage[]): void {
  if (!bus.isConnected()) return
  bus.connection
    .then((connection) => {
      for (const change of changes) connection.publish(SUBJECTS.changes, JSON.stringify(change))
    })
    .catch(() => undefined)
}
