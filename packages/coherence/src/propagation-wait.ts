import type { Propagation } from '@patgate/contracts'

/** A holder's lease row, as the revoker read it right after its commit. */
export interface LeaseRow {
  readonly holder: string
  readonly kind: 'gateway' | 'token-service'
  readonly appliedSeq: number
  readonly renewals: number
  /** How long its most patient route may accept without a lease; 0 for none. */
  readonly graceMs: number
}

/** How long past the lease a holder is waited for: it counts its lease from when it sent the renewal, never later. */
export const WAIT_MARGIN_MS = 200

/**
 * The revoker's side (coherence.md, "The revoker waits"): exactly the rows it read are waited for, each until it has
 * acknowledged the number or until its lease has surely run out. Holders that come later learn of the change from
 * their first renewal, because it is committed by then.
 */
export class PropagationWait {
  readonly seq: number
  readonly #startedAtMs: number
  readonly #limitMs: number
  readonly #rows: readonly LeaseRow[]
  readonly #waiting: Map<string, LeaseRow>

  constructor(rows: readonly LeaseRow[], seq: number, startedAtMs: number, leaseMs: number) {
    this.seq = seq
    this.#startedAtMs = startedAtMs
    this.#limitMs = leaseMs + WAIT_MARGIN_MS
    this.#rows = rows
    this.#waiting = new Map(rows.filter((row) => row.appliedSeq < seq).map((row) => [row.holder, row]))
  }

  /**
   * The holder has applied every change up to this number: by a message, or by its row. True when that ends the waiting
   * for it.
   */
  acknowledge(holder: string, appliedSeq: number): boolean {
    return appliedSeq >= this.seq && this.#waiting.delete(holder)
  }

  isComplete(): boolean {
    return this.#waiting.size === 0
  }

  /** Milliseconds until nobody has to be waited for any longer; 0 when that is now. By the revoker's monotonic clock. */
  remainingMs(nowMs: number): number {
    return this.isComplete() ? 0 : Math.max(0, this.#startedAtMs + this.#limitMs - nowMs)
  }

  /** Rows that did not acknowledge: each may be deleted if its `renewals` is still what was read. */
  unacknowledged(): LeaseRow[] {
    return [...this.#waiting.values()]
  }

  report(startedCallMs: number, nowMs: number): Propagation {
    const gateways = this.#rows.filter((row) => row.kind === 'gateway').length
    const expired = this.unacknowledged().filter((row) => row.kind === 'gateway').length
    return { gateways, confirmed: gateways - expired, expired, took_ms: Math.round((nowMs - startedCallMs) * 10) / 10 }
  }
}
