/** How one holder has answered to changes that calls waited for. */
export interface Confirmations {
  readonly confirmed: number
  /** How often its lease was waited out instead. */
  readonly expired: number
  /** How long its last confirmation took. */
  readonly tookMs: number | null
}

/** What this process has seen of each holder since it started. */
export interface ConfirmationLog {
  note(holder: string, tookMs: number | null): void
  of(holder: string): Confirmations
}

const NONE: Confirmations = { confirmed: 0, expired: 0, tookMs: null }
// Holders that came and went; far more than there ever are at once.
const MOST_HOLDERS = 10_000

export function createConfirmationLog(): ConfirmationLog {
  const known = new Map<string, Confirmations>()
  const of = (holder: string): Confirmations => known.get(holder) ?? NONE
  return {
    of,
    note(holder, tookMs) {
      if (known.size >= MOST_HOLDERS) known.clear()
      const before = of(holder)
      const after =
        tookMs === null
          ? { ...before, expired: before.expired + 1 }
          : { ...before, confirmed: before.confirmed + 1, tookMs }
      known.set(holder, after)
    }
  }
}
