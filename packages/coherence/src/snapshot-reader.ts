import type { ChangeFollower } from './change-follower.ts'
import type { Lease } from './lease.ts'
import type { Remembered, SnapshotCache } from './snapshot-cache.ts'

export interface SnapshotReaderOptions<Entry extends Remembered> {
  readonly lease: Lease
  readonly follower: ChangeFollower
  /** Answers about credentials that exist. */
  readonly known: SnapshotCache<Entry>
  /** Answers about digests nobody has; apart, so that a flood of random tokens evicts no real one. */
  readonly unknown: SnapshotCache<Entry>
  readonly isUnknown: (entry: Entry) => boolean
  /** False for answers that are given and forgotten; every answer is kept unless said. */
  readonly isKept?: (entry: Entry) => boolean
}

/** Asks the token service about one credential; the answer is as of `minSeq` or later. Rejects when there is none. */
export type Resolve<Entry> = (minSeq: number) => Promise<Entry>

// Each turn of the loop means that a change touched this very credential while it was being asked about.
const MOST_ATTEMPTS = 8

/** What a gateway asks for every request: from memory under a live lease, otherwise from the token service. */
export class SnapshotReader<Entry extends Remembered> {
  readonly #options: SnapshotReaderOptions<Entry>
  readonly #inFlight = new Map<string, Promise<Entry | null>>()

  constructor(options: SnapshotReaderOptions<Entry>) {
    this.#options = options
  }

  /** The remembered answer, without any I/O; undefined when the token service has to be asked. */
  peek(digest: string): Entry | undefined {
    return this.#options.known.lookup(digest) ?? this.#options.unknown.lookup(digest)
  }

  /** The answer that is remembered about a credential that exists is asked for again the next time. */
  forget(digest: string): void {
    this.#options.known.forget(digest)
  }

  /**
   * An answer of a holder whose lease has lapsed, but not for longer than `graceMs`; undefined when there is none. Outside
   * the promise: only for routes that were told to accept that (coherence.md, promise 2).
   */
  peekStale(digest: string, graceMs: number): Entry | undefined {
    return this.#options.lease.lapsedForMs() <= graceMs ? this.#options.known.lookupUnleased(digest) : undefined
  }

  /**
   * The answer for a request that arrived now. Under a live lease, requests for one digest share a resolve; without
   * one nothing is shared or kept, and each request makes its own, begun after it arrived (coherence.md, "Fills").
   */
  async read(digest: string, resolve: Resolve<Entry>): Promise<Entry> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const remembered = this.peek(digest)
      if (remembered !== undefined) return remembered
      if (!this.#options.lease.isLive()) return this.#ask(resolve)
      const entry = await this.#share(digest, resolve)
      if (entry !== null) return entry
    }
    return this.#ask(resolve)
  }

  #ask(resolve: Resolve<Entry>): Promise<Entry> {
    return resolve(this.#options.follower.appliedSeq)
  }

  #share(digest: string, resolve: Resolve<Entry>): Promise<Entry | null> {
    const shared = this.#inFlight.get(digest)
    if (shared !== undefined) return shared
    const filling = this.#fill(resolve).finally(() => {
      if (this.#inFlight.get(digest) === filling) this.#inFlight.delete(digest)
    })
    this.#inFlight.set(digest, filling)
    return filling
  }

  /** Null when the answer may not be used by everybody who waits for it. */
  async #fill(resolve: Resolve<Entry>): Promise<Entry | null> {
    const { known, unknown, isUnknown, isKept } = this.#options
    const fills = { known: known.beginFill(), unknown: unknown.beginFill() }
    const entry = await this.#ask(resolve)
    const [cache, fill] = isUnknown(entry) ? [unknown, fills.unknown] : [known, fills.known]
    const outcome = isKept?.(entry) === false ? cache.judgeFill(fill, entry) : cache.completeFill(fill, entry)
    return outcome === 'stored' ? entry : null
  }
}
