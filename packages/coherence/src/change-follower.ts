import type { Change, ChangeMemory } from './change-memory.ts'
import type { Instant, InstantClock } from './instant.ts'
import type { Lease } from './lease.ts'

/** The answer to a renewal (coherence.md, "Holders and leases"). */
export interface RenewalAnswer {
  readonly lease_ms: number
  readonly head_seq: number
  readonly head_id: string | null
  readonly changes: readonly Change[] | 'reset'
}

/** A renewal on its way: what the holder knew when it was sent. */
export interface RenewalInFlight {
  readonly sentAt: Instant
  readonly appliedSeq: number
  readonly appliedId: string | null
  readonly incarnation: number
}

/** The change right before another: numbers alone could belong to a history that a restore has lost. */
export interface Predecessor {
  readonly seq: number
  readonly changeId: string | null
}

export interface FollowerOptions {
  readonly clock: InstantClock
  readonly lease: Lease
  readonly memory: ChangeMemory
  /** Told of each change, in order, before the lease that covers it counts. */
  readonly onChange?: (change: Change) => void
  /** Told when nothing that was remembered may be believed any more. */
  readonly onReset?: () => void
}

/**
 * Follows the change log without a gap, from two sources: renewals, which always carry what is missing, and the
 * fast path, which may lose, repeat and reorder. Used alike by gateways and token services.
 */
export class ChangeFollower {
  readonly #options: FollowerOptions
  #appliedSeq = 0
  #appliedId: string | null = null
  /** Counts resets, so that an answer asked for before one is not applied after it. */
  #incarnation = 0

  constructor(options: FollowerOptions) {
    this.#options = options
  }

  /** The last number up to which every change has been applied. */
  get appliedSeq(): number {
    return this.#appliedSeq
  }

  /** The random id of that change; null before anything was applied. */
  get appliedId(): string | null {
    return this.#appliedId
  }

  /** Call right before a renewal is sent: the new lease counts from this moment. */
  beginRenewal(): RenewalInFlight {
    return {
      sentAt: this.#options.clock.read(),
      appliedSeq: this.#appliedSeq,
      appliedId: this.#appliedId,
      incarnation: this.#incarnation
    }
  }

  /** Applies the answer's changes, and only then counts the new lease. */
  applyRenewal(inFlight: RenewalInFlight, answer: RenewalAnswer): void {
    if (inFlight.incarnation !== this.#incarnation) return
    if (answer.changes === 'reset') this.#reset(answer)
    else if (!this.#applyAll(answer.changes)) return
    if (this.#appliedSeq < answer.head_seq || !this.#isAt(answer.head_seq, answer.head_id)) return
    this.#options.lease.renew(inFlight.sentAt, answer.lease_ms)
  }

  /**
   * Takes one message of the fast path. `hole` means that something before it is missing, or that it follows another
   * history: renew at once, which fills it. Nothing is acknowledged that was not applied without a gap.
   */
  applyMessage(change: Change, previous: Predecessor): 'applied' | 'known' | 'hole' {
    const isNext = previous.seq === this.#appliedSeq && previous.changeId === this.#appliedId
    if (isNext) {
      this.#apply(change)
      return 'applied'
    }
    return change.seq <= this.#appliedSeq ? 'known' : 'hole'
  }

  /**
   * Answers false at a gap, which only a faulty server could send, and where what was applied meanwhile by the fast path is
   * of a history that was lost: then the lease is not renewed either, and the next answer is a reset.
   */
  #applyAll(changes: readonly Change[]): boolean {
    for (const change of changes) {
      if (change.seq <= this.#appliedSeq) {
        if (!this.#isAt(change.seq, change.change_id)) return false
      } else {
        if (change.seq !== this.#appliedSeq + 1) return false
        this.#apply(change)
      }
    }
    return true
  }

  /** Whether the change that was applied under this number is this one, and not one of a lost history. */
  #isAt(seq: number, changeId: string | null): boolean {
    return (seq === this.#appliedSeq ? this.#appliedId : this.#options.memory.idOf(seq)) === changeId
  }

  #apply(change: Change): void {
    this.#options.memory.remember(change)
    this.#appliedSeq = change.seq
    this.#appliedId = change.change_id
    this.#options.onChange?.(change)
  }

  #reset({ head_seq, head_id }: RenewalAnswer): void {
    this.#incarnation++
    this.#appliedSeq = head_seq
    this.#appliedId = head_id
    this.#options.memory.reset(head_seq, head_id)
    this.#options.onReset?.()
  }
}
