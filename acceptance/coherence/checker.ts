import type { AuthorityChange, Use } from './history.ts'

/** A use that contradicts a change which had been answered before the use began. */
export interface Violation {
  readonly use: Use
  readonly change: AuthorityChange
}

export interface RecordedHistory {
  readonly uses: readonly Use[]
  readonly changes: readonly AuthorityChange[]
}

/**
 * Promise 1 of coherence.md, judged: after the answer of a call that takes, no use that begins is accepted; after the
 * answer of one that gives, none is refused. A use is excused only by an opposite change that may have taken effect
 * after the answered one and before the use returned. What is unclear is evidence of nothing.
 */
export function violationsOf({ uses, changes }: RecordedHistory): Violation[] {
  const changesOf = Map.groupBy(changes, (change) => change.token)
  return uses.flatMap((use) => {
    if (use.verdict === 'unclear') return []
    const change = contradicted(use, changesOf.get(use.token) ?? [])
    return change === null ? [] : [{ use, change }]
  })
}

function contradicted(use: Use, changes: readonly AuthorityChange[]): AuthorityChange | null {
  const wasAccepted = use.verdict === 'accepted'
  const opposite = changes.filter((change) => change.gives !== wasAccepted)
  const agreeing = changes.filter((change) => change.gives === wasAccepted)
  const isExcused = (answered: AuthorityChange): boolean =>
    agreeing.some((change) => mayComeAfter(change, answered) && change.invokedMs <= use.returnedMs)
  return opposite.find((change) => isBefore(change, use.invokedMs) && !isExcused(change)) ?? null
}

function isBefore(change: AuthorityChange, ms: number): boolean {
  return change.returnedMs !== null && change.returnedMs < ms
}

/** Two calls that overlapped took effect in an order that nobody knows. */
function mayComeAfter(change: AuthorityChange, other: AuthorityChange): boolean {
  return !isBefore(change, other.invokedMs)
}
