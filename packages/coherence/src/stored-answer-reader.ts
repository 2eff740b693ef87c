import { mayAnswerFromStore, type StoredAnswer, type StoredAnswerRules } from './stored-answer.ts'

/** Redis, as far as answers go. Both calls may fail or lie; neither is ever waited for longer than it takes. */
export interface AnswerStore<Answer> {
  get(digest: string): Promise<Answer | null>
  set(digest: string, answer: Answer): Promise<void>
}

export interface StoredAnswerReaderOptions<Answer extends StoredAnswer> extends StoredAnswerRules {
  readonly store: AnswerStore<Answer>
  /** One SQL statement: the state and the head it belongs to. */
  readonly readTruth: (digest: string) => Promise<Answer>
}

/** How a token service answers a resolve: from Redis where the rules allow it, else from PostgreSQL. */
export class StoredAnswerReader<Answer extends StoredAnswer> {
  readonly #options: StoredAnswerReaderOptions<Answer>

  constructor(options: StoredAnswerReaderOptions<Answer>) {
    this.#options = options
  }

  /** The answer and the number it is as of. The caller checks that this is not below its own `minSeq`. */
  async answer(digest: string, minSeq: number): Promise<{ answer: Answer; asOf: number }> {
    const { store, readTruth, follower, lease } = this.#options
    // Without a lease nothing stored may be used, so it is not even asked for.
    const stored = lease.isLive() ? await store.get(digest).catch(() => null) : null
    if (stored !== null && mayAnswerFromStore(stored, minSeq, this.#options)) {
      return { answer: stored, asOf: follower.appliedSeq }
    }
    const answer = await readTruth(digest)
    void store.set(digest, answer).catch(() => undefined)
    return { answer, asOf: answer.asOf }
  }
}
