import { isTouchedBy, type Keys } from '@patgate/coherence'
import type { ChangeSelector } from '@patgate/contracts'
import type { OpenStream } from './open-stream.ts'

/** An open stream, and what is known of its right. */
export interface Watched {
  readonly stream: OpenStream
  keys: Keys
  /** By the clock: the token's expiry, or when a group's policy finds it too old. */
  endsAtMs: number
  /** Since when nothing passes; null while it does. */
  heldAtMs: number | null
  /** When a change touched it that has not been reconsidered yet. */
  touchedAtMs: number | null
  /** Counts what touches it, so that an answer older than the last change is not believed. */
  touches: number
}

/** The open streams, found by their token at once, and by owner, group or session by looking at each. */
export class WatchedStreams implements Iterable<Watched> {
  readonly #all = new Set<Watched>()
  readonly #byDigest = new Map<string, Set<Watched>>()

  add(one: Watched): void {
    this.#all.add(one)
    const ofToken = this.#byDigest.get(one.keys.digest)
    if (ofToken === undefined) this.#byDigest.set(one.keys.digest, new Set([one]))
    else ofToken.add(one)
  }

  /** Answers false for one that had left before. */
  delete(one: Watched): boolean {
    const { digest } = one.keys
    const ofToken = this.#byDigest.get(digest)
    if (ofToken?.delete(one) === true && ofToken.size === 0) this.#byDigest.delete(digest)
    return this.#all.delete(one)
  }

  has(one: Watched): boolean {
    return this.#all.has(one)
  }

  [Symbol.iterator](): Iterator<Watched> {
    return this.#all.values()
  }

  *touchedBy(selector: ChangeSelector): Iterable<Watched> {
    if ('digests' in selector) for (const digest of selector.digests) yield* this.#byDigest.get(digest) ?? []
    else for (const one of this.#all) if (isTouchedBy(one.keys, selector)) yield one
  }
}
