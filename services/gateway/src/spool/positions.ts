import type { Clock } from '@patgate/service-kit'

/** How far each boot was sent to JetStream, and how far the audit service has stored it. */
export interface Positions {
  committedOf(boot: string): number
  /** JetStream has everything sent of the boot up to `seq`, which may be lost with its store. */
  sent(boot: string, seq: number): void
  /** The audit service's word. The last one counts, also when it goes back: its database may have lost something. */
  announced(boot: string, seq: number): void
  /** Boots of which something was sent that is not stored. */
  outstanding(): string[]
  /** True when one of those has waited too long: everything that is not stored has to be sent again. */
  isStalled(): boolean
  restarted(): void
}

interface Position {
  committed: number
  sent: number
  /** Since when nothing moves although something is outstanding. */
  stuckSinceMs: number
  /** Restarts since the audit service was last heard of this boot. */
  silentRestarts: number
}

// While the audit service is silent it stores nothing: sending all again every 30 s would only fill JetStream with copies.
const MOST_DOUBLINGS = 4

export function createPositions(clock: Clock, restartAfterMs: number): Positions {
  const positions = new Map<string, Position>()

  function of(boot: string): Position {
    const known = positions.get(boot)
    if (known !== undefined) return known
    const unknown = { committed: 0, sent: 0, stuckSinceMs: clock.now(), silentRestarts: 0 }
    positions.set(boot, unknown)
    return unknown
  }

  const isOutstanding = ({ sent, committed }: Position): boolean => sent > committed
  const isStuck = (position: Position): boolean => {
    const patienceMs = restartAfterMs * 2 ** Math.min(position.silentRestarts, MOST_DOUBLINGS)
    return isOutstanding(position) && clock.now() - position.stuckSinceMs >= patienceMs
  }

  return {
    committedOf: (boot) => positions.get(boot)?.committed ?? 0,
    sent(boot, seq) {
      const position = of(boot)
      if (!isOutstanding(position)) position.stuckSinceMs = clock.now()
      position.sent = Math.max(position.sent, seq)
    },
    announced(boot, seq) {
      const position = of(boot)
      if (seq > position.committed || !isOutstanding(position)) position.stuckSinceMs = clock.now()
      position.committed = seq
      position.silentRestarts = 0
    },
    outstanding: () => [...positions].filter(([, position]) => isOutstanding(position)).map(([boot]) => boot),
    isStalled: () => [...positions.values()].some(isStuck),
    restarted() {
      for (const position of positions.values()) {
        if (!isOutstanding(position)) continue
        position.sent = position.committed
        position.stuckSinceMs = clock.now()
        position.silentRestarts += 1
      }
    }
  }
}
