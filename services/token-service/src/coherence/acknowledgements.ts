import type { ChangeMemory } from '@patgate/coherence'
import { type Bus, onAck } from '@patgate/event-bus'

/** How far each holder says it has applied the change log; whoever waits for them listens. */
export interface Acknowledgements {
  /**
   * The highest number this holder is known to have applied, 0 when none. Believed only where the change of that number
   * is, by its random id, the one this process knows: a number of a history that was lost means nothing.
   */
  appliedBy(holder: string): number
  /** Calls back whenever `appliedBy` may have grown. Answers how to stop. */
  listen(listener: () => void): () => void
  /** This process has applied a change itself: an acknowledgement that was ahead of it may be believed now. */
  lookAgain(): void
  forget(): void
  close(): void
}

interface Heard {
  readonly seq: number
  readonly id: string
}

// Holders that came and went; far more than there ever are at once.
const MOST_HOLDERS = 10_000

/** With NATS down nothing is heard, and the lease rows tell the same a little later. */
export function followAcknowledgements(bus: Bus, memory: ChangeMemory): Acknowledgements {
  const heard = new Map<string, Heard>()
  const listeners = new Set<() => void>()
  const lookAgain = (): void => {
    for (const listener of listeners) listener()
  }
  const close = onAck(bus, ({ holder, applied_seq, applied_id }) => {
    if (heard.size >= MOST_HOLDERS) heard.clear()
    heard.set(holder, { seq: applied_seq, id: applied_id })
    lookAgain()
  })
  return {
    appliedBy(holder) {
      const last = heard.get(holder)
      return last !== undefined && memory.idOf(last.seq) === last.id ? last.seq : 0
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    lookAgain,
    forget: () => heard.clear(),
    close
  }
}
