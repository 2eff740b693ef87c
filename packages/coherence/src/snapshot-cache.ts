import { LRUCache } from 'lru-cache'
import type { ChangeMemory, Keys } from './change-memory.ts'
import type { Instant, InstantClock } from './instant.ts'
import type { Lease } from './lease.ts'

/** An answer of the token service as a holder keeps it: what it is about, and the number it is as of. */
export interface Remembered extends Keys {
  /** Set back, when the entry is kept, to how far its holder has come by then. */
  asOf: number
  /** The memory's version at which this was last found current; saves looking again while nothing changes. */
  checkedVersion: number
}

/** A resolve on its way: when it was sent, and to which incarnation of the cache its answer belongs. */
export interface Fill {
  readonly sentAt: Instant
  readonly incarnation: number
}

/**
 * - `stored`: the answer holds, and may be kept.
 * - `outdated`: a change that was applied meanwhile touches it; ask again.
 * - `unleased`: the lease was not live all the while, so nobody but the request that asked may use it.
 */
export type FillOutcome = 'stored' | 'outdated' | 'unleased'

export interface SnapshotCacheOptions {
  readonly clock: InstantClock
  readonly lease: Lease
  readonly memory: ChangeMemory
  readonly capacity: number
}

/** The first-level cache of a holder: bounded, least recently used out first, and silent without a live lease. */
export class SnapshotCache<Entry extends Remembered> {
  readonly #options: SnapshotCacheOptions
  readonly #entries: LRUCache<string, Entry>
  #incarnation = 0

  constructor(options: SnapshotCacheOptions) {
    this.#options = options
    this.#entries = new LRUCache({ max: options.capacity })
  }

  get size(): number {
    return this.#entries.size
  }

  /** What is kept under the digest, if it may be believed at this moment; otherwise undefined. */
  lookup(digest: string): Entry | undefined {
    return this.#options.lease.isLive() ? this.lookupUnleased(digest) : undefined
  }

  /** The same without a look at the lease: what was last known, for whoever has a reason to take that. */
  lookupUnleased(digest: string): Entry | undefined {
    const entry = this.#entries.get(digest)
    if (entry === undefined || this.#isCurrent(entry)) return entry
    this.#entries.delete(digest)
    return undefined
  }

  /** Call right before a resolve is sent. */
  beginFill(): Fill {
    return { sentAt: this.#options.clock.read(), incarnation: this.#incarnation }
  }

  /** Keeps the answer if it cannot have been overtaken by a change: a fill never resurrects (coherence.md, promise 4). */
  completeFill(fill: Fill, entry: Entry): FillOutcome {
    const outcome = this.judgeFill(fill, entry)
    if (outcome === 'stored') this.#entries.set(entry.digest, entry)
    return outcome
  }

  /** The same without keeping it: whether everybody who waits for this answer may use it. */
  judgeFill(fill: Fill, entry: Entry): FillOutcome {
    if (fill.incarnation !== this.#incarnation) return 'unleased'
    if (!this.#options.lease.wasUnbrokenSince(fill.sentAt)) return 'unleased'
    // A number that this holder has not come to itself may belong to a history that is about to be lost, and be given
    // again to a change that the answer knows nothing of.
    entry.asOf = Math.min(entry.asOf, this.#options.memory.last)
    return this.#isCurrent(entry) ? 'stored' : 'outdated'
  }

  /** Makes the next look-up a miss. */
  forget(digest: string): void {
    this.#entries.delete(digest)
  }

  /** Empties the cache and disowns the fills in flight. */
  clear(): void {
    this.#incarnation++
    this.#entries.clear()
  }

  #isCurrent(entry: Entry): boolean {
    const { memory } = this.#options
    if (entry.checkedVersion === memory.version) return true
    if (!memory.isCurrent(entry.asOf, entry)) return false
    entry.checkedVersion = memory.version
    return true
  }
}
