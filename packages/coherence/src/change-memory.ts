import type { ChangeSelector } from '@patgate/contracts'

/** Everything by which a change may touch one remembered answer. `digest` is the key it is kept under. */
export interface Keys {
  readonly digest: string
  readonly ownerId: string | null
  readonly sessionId: string | null
  readonly groups: readonly string[]
}

/** One change, as a holder learns of it. A null selector touches nobody: the change was only recorded. */
export interface Change {
  readonly seq: number
  readonly change_id: string
  readonly selector: ChangeSelector | null
}

const DEFAULT_CAPACITY = 100_000

/** The last number by which each key was touched, and the id of each change, for one stretch of the log. */
class Generation {
  readonly touched = new Map<string, number>()
  readonly ids = new Map<number, string>()
  last = 0

  get size(): number {
    return this.touched.size + this.ids.size
  }
}

/**
 * What a holder remembers of changes: the last number that touched each digest, owner, group, session, and
 * everybody. There is no index from owners to tokens: an answer is believed only if it is not older than any
 * number that applies to it.
 *
 * Bounded: two generations are kept; when the younger is full, the older is forgotten and `floor` rises to its last
 * number. An answer older than the floor is not believed, because what touched it may have been forgotten.
 */
export class ChangeMemory {
  readonly #capacity: number
  #younger = new Generation()
  #older = new Generation()
  #all = 0
  #floor: number
  #floorId: string | null = null
  #last: number
  #version = 0

  constructor(floor = 0, capacity = DEFAULT_CAPACITY) {
    this.#floor = floor
    this.#last = floor
    this.#capacity = capacity
  }

  /** The lowest number since which every change is remembered. */
  get floor(): number {
    return this.#floor
  }

  /** The number of the newest change that was remembered, or where the memory began. */
  get last(): number {
    return this.#last
  }

  /** Grows with every change; as long as it stands still, what was found valid is valid. */
  get version(): number {
    return this.#version
  }

  /** Changes must come in the order of their numbers. */
  remember({ seq, change_id: changeId, selector }: Change): void {
    this.#version++
    this.#last = seq
    this.#younger.ids.set(seq, changeId)
    this.#younger.last = seq
    if (selector !== null) this.#touch(selector, seq)
    if (this.#younger.size >= this.#capacity) this.#rotate()
  }

  /**
   * The random id of a remembered change; undefined when it is not remembered. Numbers repeat after a restore that
   * lost commits, ids do not.
   */
  idOf(seq: number): string | null | undefined {
    if (seq === this.#floor) return this.#floorId
    return this.#younger.ids.get(seq) ?? this.#older.ids.get(seq)
  }

  /** True when an answer as of `asOf` about these keys still holds after everything that is remembered. */
  isCurrent(asOf: number, keys: Keys): boolean {
    return asOf >= this.#floor && asOf >= this.#lastTouching(keys)
  }

  /** Forgets everything: nothing older than `floor` is believed from now on. */
  reset(floor: number, floorId: string | null = null): void {
    this.#younger = new Generation()
    this.#older = new Generation()
    this.#all = 0
    this.#floor = floor
    this.#floorId = floorId
    this.#last = floor
    this.#version++
  }

  #touch(selector: ChangeSelector, seq: number): void {
    if ('all' in selector) this.#all = seq
    else for (const key of keysOf(selector)) this.#younger.touched.set(key, seq)
  }

  #lastTouching({ digest, ownerId, sessionId, groups }: Keys): number {
    let last = Math.max(this.#all, this.#lastOf(`d:${digest}`))
    if (ownerId !== null) last = Math.max(last, this.#lastOf(`o:${ownerId}`))
    if (sessionId !== null) last = Math.max(last, this.#lastOf(`s:${sessionId}`))
    for (const group of groups) last = Math.max(last, this.#lastOf(`g:${group}`))
    return last
  }

  #lastOf(key: string): number {
    return this.#younger.touched.get(key) ?? this.#older.touched.get(key) ?? 0
  }

  #rotate(): void {
    if (this.#older.last > this.#floor) {
      this.#floor = this.#older.last
      this.#floorId = this.#older.ids.get(this.#floor) ?? null
    }
    this.#older = this.#younger
    this.#younger = new Generation()
  }
}

/** Whether a change with this selector touches what has these keys. */
export function isTouchedBy({ digest, ownerId, sessionId, groups }: Keys, selector: ChangeSelector): boolean {
  if ('all' in selector) return true
  if ('digests' in selector) return selector.digests.includes(digest)
  if ('owner_id' in selector) return selector.owner_id === ownerId
  if ('session_id' in selector) return selector.session_id === sessionId
  return groups.includes(selector.group_slug)
}

/** The prefixes keep an owner's id from ever being read as a group's slug, or a digest as a session. */
function keysOf(selector: Exclude<ChangeSelector, { all: true }>): string[] {
  if ('digests' in selector) return selector.digests.map((digest) => `d:${digest}`)
  if ('owner_id' in selector) return [`o:${selector.owner_id}`]
  if ('session_id' in selector) return [`s:${selector.session_id}`]
  return [`g:${selector.group_slug}`]
}
