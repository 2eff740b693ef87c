import type { ChangeSelector } from '@patgate/contracts'
import type { Change } from '../../src/index.ts'

/** A token of the model: by what a change may touch it. */
export interface ModelToken {
  readonly digest: string
  readonly ownerId: string
  readonly groups: readonly string[]
}

export const TOKENS: readonly ModelToken[] = [
  { digest: 'd0', ownerId: 'o0', groups: ['g0'] },
  { digest: 'd1', ownerId: 'o0', groups: ['g1'] },
  { digest: 'd2', ownerId: 'o1', groups: ['g0', 'g1'] }
]

export const SELECTORS: readonly (ChangeSelector | null)[] = [
  { digests: ['d0'] },
  { digests: ['d1', 'd2'] },
  { owner_id: 'o0' },
  { group_slug: 'g0' },
  { all: true },
  null
]

export interface Committed extends Change {
  /** Counts commits of all histories, so that a change of a lost history is never mistaken for a later one. */
  readonly commit: number
}

/** The change log of the model: what PostgreSQL would hold after each commit. */
export class ModelLog {
  #changes: Committed[] = []
  #commits = 0

  get headSeq(): number {
    return this.#changes.length
  }

  get headId(): string | null {
    return this.#changes.at(-1)?.change_id ?? null
  }

  commit(selector: ChangeSelector | null): Committed {
    this.#commits++
    const change = { seq: this.headSeq + 1, change_id: `c${this.#commits}`, selector, commit: this.#commits }
    this.#changes.push(change)
    return change
  }

  /** A restore that lost the last commits: their numbers will be given again. */
  lose(count: number): void {
    this.#changes.length = Math.max(0, this.headSeq - count)
  }

  contains(change: Committed): boolean {
    return this.#changes[change.seq - 1]?.change_id === change.change_id
  }

  idOf(seq: number): string | null {
    return this.#changes[seq - 1]?.change_id ?? null
  }

  /** What a renewal is answered: the missing changes, or a reset when the holder's position is not in this history. */
  after(appliedSeq: number, appliedId: string | null): readonly Change[] | 'reset' {
    if (!this.knows(appliedSeq, appliedId)) return 'reset'
    return this.#changes.slice(appliedSeq)
  }

  knows(appliedSeq: number, appliedId: string | null): boolean {
    return appliedSeq === 0 ? this.headSeq === 0 : appliedSeq <= this.headSeq && this.idOf(appliedSeq) === appliedId
  }

  /** The commit that last changed what this token may do. */
  versionOf(token: ModelToken): number {
    return this.#changes.findLast((change) => touches(change.selector, token))?.commit ?? 0
  }
}

export function touches(selector: ChangeSelector | null, token: ModelToken): boolean {
  if (selector === null) return false
  if ('all' in selector) return true
  if ('digests' in selector) return selector.digests.includes(token.digest)
  if ('owner_id' in selector) return selector.owner_id === token.ownerId
  return 'group_slug' in selector && token.groups.includes(selector.group_slug)
}
