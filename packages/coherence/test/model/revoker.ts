import { PropagationWait, type RenewalInFlight } from '../../src/index.ts'
import { type Holder, ModelClock } from './holder.ts'
import { type Committed, type ModelLog, type ModelToken, touches } from './log.ts'
import { LEASE_MS, type Sabotage } from './sabotage.ts'

interface Mutation {
  readonly change: Committed
  wait: PropagationWait | null
  isAnswered: boolean
}

/** The lease rows of the model, and the revokers that wait for them; the waiting itself is production code. */
export class ModelRevoker {
  readonly #sabotage: Sabotage
  readonly #log: ModelLog
  readonly #leases = new Map<string, { appliedSeq: number; renewals: number; kind: Holder['kind'] }>()
  readonly #mutations: Mutation[] = []
  readonly #clock = new ModelClock()

  constructor(sabotage: Sabotage, log: ModelLog) {
    this.#sabotage = sabotage
    this.#log = log
  }

  /** The first statement of a renewal. */
  upsertLease(holder: Holder, asked: RenewalInFlight): void {
    const row = this.#leases.get(holder.name)
    // A position in a history that was lost counts for nothing.
    const claimed = this.#log.knows(asked.appliedSeq, asked.appliedId) ? asked.appliedSeq : 0
    const appliedSeq = claimed === 0 ? 0 : Math.max(row?.appliedSeq ?? 0, claimed)
    this.#leases.set(holder.name, { appliedSeq, renewals: (row?.renewals ?? 0) + 1, kind: holder.kind })
  }

  /** A change is committed; answers what the revoker does a moment later: read the rows, once. */
  begin(change: Committed): () => void {
    const mutation: Mutation = { change, wait: null, isAnswered: false }
    this.#mutations.push(mutation)
    return () => {
      const rows = [...this.#leases].map(([holder, row]) => ({ holder, ...row, graceMs: 0 }))
      mutation.wait = new PropagationWait(rows, change.seq, this.#clock.monotonicMs, LEASE_MS)
      this.#settle()
    }
  }

  /** Believed only where the number means, in this history, the change that the holder has applied. */
  acknowledge(holder: string, appliedSeq: number, appliedId: string | null): void {
    if (this.#log.idOf(appliedSeq) !== appliedId) return
    for (const { wait } of this.#mutations) wait?.acknowledge(holder, appliedSeq)
    this.#settle()
  }

  advance(ms: number): void {
    this.#clock.monotonicMs += ms
    this.#settle()
  }

  /** The lease rows are restored too, from a time before. */
  loseLeases(): void {
    this.#leases.clear()
  }

  /** The newest commit that touches the token and that somebody was told is in force. */
  answeredVersion(token: ModelToken): number {
    const answered = this.#mutations.filter(
      ({ isAnswered, change }) => isAnswered && this.#log.contains(change) && touches(change.selector, token)
    )
    return Math.max(0, ...answered.map(({ change }) => change.commit))
  }

  /** A commit that a restore has lost meanwhile is promised to nobody. */
  isPromised(token: ModelToken, commit: number): boolean {
    return this.#mutations.some(
      ({ change }) => change.commit === commit && this.#log.contains(change) && touches(change.selector, token)
    )
  }

  #settle(): void {
    for (const mutation of this.#mutations) {
      const { wait, isAnswered, change } = mutation
      if (isAnswered || wait === null || !this.#log.contains(change)) continue
      for (const [holder, row] of this.#leases) wait.acknowledge(holder, row.appliedSeq)
      const isImpatient = this.#sabotage === 'acknowledgements ignored'
      if (!isImpatient && wait.remainingMs(this.#clock.monotonicMs) > 0) continue
      for (const { holder, renewals } of wait.unacknowledged()) {
        if (this.#leases.get(holder)?.renewals === renewals) this.#leases.delete(holder)
      }
      mutation.isAnswered = true
    }
  }
}
