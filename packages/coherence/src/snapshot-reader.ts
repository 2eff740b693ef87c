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
  /** Asks the token service; the answer is as of `minSeq` or later. Rejects when there is none. */
  readonly resolve: (digest: string, minSeq: number) => Promise<Entry>
}

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

  /**
   * The answer for a request that arrived now. Under a live lease, requests for one digest share a resolve; without
   * one nothing is shared or kept, and each request makes its own, begun after it arrived (coherence.md, "Fills").
   */
  async read(digest: string): Promise<Entry> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const remembered = this.peek(digest)
      if (remembered !== undefined) return remembered
      if (!this.#options.lease.isLive()) return this.#ask(digest)
      const entry = await this.#share(digest)
      if (entry !== null) return entry
    }
    return this.#ask(digest)
  }

  #ask(digest: string): Promise<Entry> {
    return this.#options.resolve(digest, this.#options.follower.appliedSeq)
  }

  #share(digest: string): Promise<Entry | null> {
    const shared = this.#inFlight.get(digest)
    if (shared !== undefined) return shared
    const filling = this.#fill(digest).finally(() => {
      if (this.#inFlight.get(digest) === filling) this.#inFlight.delete(digest)
    })
    this.#inFlight.set(digest, filling)
    return filling
  }

  /** Null when the answer may not be used by everybody who waits for it. */
  async #fill(digest: string): Promise<Entry | null> {
    const { known, unknown, isUnknown } = this.#options
    const fills = { known: known.beginFill(), unknown: unknown.beginFill() }
    const entry = await this.#ask(digest)
    const outcome = isUnknown(entry)
      ? unknown.completeFill(fills.unknown, entry)
      : known.completeFill(fills.known, entry)
    return outcome === 'stored' ? entry : null
  }
}
