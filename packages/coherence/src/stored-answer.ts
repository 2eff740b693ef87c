import type { ChangeFollower } from './change-follower.ts'
import type { ChangeMemory, Keys } from './change-memory.ts'
import type { Lease } from './lease.ts'

/** An answer kept in Redis by some token service: what it is as of, by number and by the random id of that change. */
export interface StoredAnswer extends Keys {
  readonly asOf: number
  readonly asOfId: string | null
}

export interface StoredAnswerRules {
  readonly lease: Lease
  readonly memory: ChangeMemory
  readonly follower: ChangeFollower
}

/**
 * Whether an entry read from Redis may be answered, as of this holder's own `appliedSeq` (coherence.md, "Resolve").
 * Ask only **after** the read returned. Redis is never the truth: an entry that is old, foreign, or from a
 * history that was lost is simply not used.
 */
export function mayAnswerFromStore(
  entry: StoredAnswer,
  minSeq: number,
  { lease, memory, follower }: StoredAnswerRules
): boolean {
  if (!lease.isLive() || follower.appliedSeq < minSeq) return false
  if (entry.asOf > follower.appliedSeq) return false
  if (memory.idOf(entry.asOf) !== entry.asOfId) return false
  return memory.isCurrent(entry.asOf, entry)
}
