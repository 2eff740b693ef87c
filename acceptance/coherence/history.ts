/** What somebody saw of one request: it was let in, it was turned away, or nobody can tell (an error, no answer). */
export type Verdict = 'accepted' | 'refused' | 'unclear'

/** One request with a token, in milliseconds of the one monotonic clock of the test process. */
export interface Use {
  readonly token: string
  readonly gateway: number
  readonly invokedMs: number
  readonly returnedMs: number
  readonly verdict: Verdict
}

/** One call that takes a token's authority, or gives it. */
export interface AuthorityChange {
  readonly token: string
  readonly gives: boolean
  readonly invokedMs: number
  /** Null while it is under way, and for ever when it never got a 2xx: it may have happened at any time since, or not. */
  returnedMs: number | null
}

/** Everything that was done to tokens and with them, as their clients saw it. Judged afterwards, by `violationsOf`. */
export class History {
  readonly uses: Use[] = []
  readonly changes: AuthorityChange[] = []
  readonly #verdicts = new Map<string, number>()

  /** How often this gateway has given this verdict on this token. */
  count(token: string, gateway: number, verdict: Verdict): number {
    return this.#verdicts.get(`${token} ${gateway} ${verdict}`) ?? 0
  }

  async use(token: string, gateway: number, request: () => Promise<Verdict>): Promise<Use> {
    const invokedMs = performance.now()
    const verdict = await request().catch((): Verdict => 'unclear')
    const use: Use = { token, gateway, invokedMs, returnedMs: performance.now(), verdict }
    this.uses.push(use)
    this.#verdicts.set(`${token} ${gateway} ${verdict}`, this.count(token, gateway, verdict) + 1)
    return use
  }

  /** Records the call from its beginning: one that never answers may have happened all the same. */
  async change(token: string, gives: boolean, call: () => Promise<boolean>): Promise<AuthorityChange> {
    const change: AuthorityChange = { token, gives, invokedMs: performance.now(), returnedMs: null }
    this.changes.push(change)
    if (await call().catch(() => false)) change.returnedMs = performance.now()
    return change
  }
}
