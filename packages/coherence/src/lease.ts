import type { Instant, InstantClock } from './instant.ts'

/**
 * A holder's permission to believe its own memory (coherence.md, "Holders and leases").
 *
 * It is live only while both clocks have advanced less than the lease since the renewal was **sent**, and it is
 * checked by comparing clocks at every use, never by a timer's flag: a process that was stopped, or a machine that
 * was suspended, finds its lease dead at the first look. Only both at once would fool it: a machine that sleeps, and
 * whose wall clock is set back by as much, within the time of one lease.
 */
export class Lease {
  readonly #clock: InstantClock
  #sentAt: Instant | null = null
  #leaseMs = 0
  #liveSinceMs = Number.POSITIVE_INFINITY
  #lapses = 0

  constructor(clock: InstantClock) {
    this.#clock = clock
  }

  isLive(): boolean {
    if (this.#sentAt === null) return false
    const now = this.#clock.read()
    return (
      now.monotonicMs - this.#sentAt.monotonicMs < this.#leaseMs && now.wallMs - this.#sentAt.wallMs < this.#leaseMs
    )
  }

  /** How often the lease ran out before it was renewed, as far as a later renewal has found. */
  get lapses(): number {
    return this.#lapses
  }

  /** How long the lease has been dead, by the clock that went furthest; 0 while it lives, infinite before the first. */
  lapsedForMs(): number {
    if (this.#sentAt === null) return Number.POSITIVE_INFINITY
    const now = this.#clock.read()
    const elapsedMs = Math.max(now.monotonicMs - this.#sentAt.monotonicMs, now.wallMs - this.#sentAt.wallMs)
    return Math.max(0, elapsedMs - this.#leaseMs)
  }

  /**
   * Counts a renewal that was sent at `sentAt`, after its changes were applied. An answer that arrives after a
   * later one shortens nothing.
   */
  renew(sentAt: Instant, leaseMs: number): void {
    const wasLive = this.isLive()
    if (!wasLive && this.#sentAt !== null) this.#lapses++
    if (this.#sentAt === null || sentAt.monotonicMs > this.#sentAt.monotonicMs) {
      this.#sentAt = sentAt
      this.#leaseMs = leaseMs
    }
    if (!wasLive) this.#liveSinceMs = this.#clock.read().monotonicMs
  }

  /** Gives the lease up: at a shutdown, or when what is remembered can no longer be trusted. */
  drop(): void {
    this.#sentAt = null
    this.#liveSinceMs = Number.POSITIVE_INFINITY
  }

  /** True when the lease is live now and has been, without a break, since that moment. */
  wasUnbrokenSince(moment: Instant): boolean {
    return this.isLive() && this.#liveSinceMs <= moment.monotonicMs
  }
}
