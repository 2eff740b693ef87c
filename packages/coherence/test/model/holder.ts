import {
  ChangeFollower,
  ChangeMemory,
  type Instant,
  Lease,
  type Remembered,
  SnapshotCache,
  SnapshotReader,
  type StoredAnswer,
  StoredAnswerReader,
  WAIT_MARGIN_MS
} from '../../src/index.ts'
import { LEASE_MS } from './sabotage.ts'

/** An answer of the model: which commit's authority it stands for. */
export interface ModelAnswer extends StoredAnswer {
  readonly version: number
}

export interface ModelEntry extends Remembered {
  readonly version: number
}

type ClockPart = 'monotonic' | 'wall'

/** A clock of one machine: time passes for everybody, but a machine may be suspended or its wall clock set. */
export class ModelClock {
  monotonicMs = 0
  wallMs = 0
  #fault: { readonly part: ClockPart; readonly untilMs: number } | null = null

  /**
   * A machine that sleeps, and whose wall clock is set back within the same lease, is outside the promise (`Lease`): for as
   * long as what was wrong with one part may matter, this answers false to the other. `nowMs` is the world's time.
   */
  goesWrong(part: ClockPart, nowMs: number, lastsMs: number): boolean {
    const isFooled = this.#fault !== null && this.#fault.part !== part && nowMs < this.#fault.untilMs
    if (!isFooled) this.#fault = { part, untilMs: nowMs + lastsMs + LEASE_MS + WAIT_MARGIN_MS }
    return !isFooled
  }

  read(): Instant {
    return { monotonicMs: this.monotonicMs, wallMs: this.wallMs }
  }
}

/** What every holder has: production code, driven by the model's clock. */
export class Holder {
  readonly name: string
  readonly kind: 'gateway' | 'token-service'
  readonly clock: ModelClock
  readonly lease: Lease
  readonly memory: ChangeMemory
  readonly follower: ChangeFollower
  isStopped = false
  #onReset: () => void = () => undefined

  constructor(name: string, kind: Holder['kind'], clock: ModelClock) {
    this.name = name
    this.kind = kind
    this.clock = clock
    this.lease = new Lease(clock)
    // A tiny capacity, so that forgetting happens within a short history.
    this.memory = new ChangeMemory(0, 6)
    this.follower = new ChangeFollower({
      clock,
      lease: this.lease,
      memory: this.memory,
      onReset: () => this.#onReset()
    })
  }

  whenReset(action: () => void): void {
    this.#onReset = action
  }
}

export type AskTokenService = (gateway: Gateway, digest: string, minSeq: number) => Promise<ModelEntry>

/** The same question as `SnapshotReader.read`, so that a broken reader can take its place. */
export interface Reader {
  read(digest: string): Promise<ModelEntry>
}

export class Gateway extends Holder {
  readonly reader: Reader

  constructor(name: string, clock: ModelClock, ask: AskTokenService, isCoalescingAlways: boolean) {
    super(name, 'gateway', clock)
    const parts = { clock, lease: this.lease, memory: this.memory }
    const known = new SnapshotCache<ModelEntry>({ ...parts, capacity: 2 })
    const unknown = new SnapshotCache<ModelEntry>({ ...parts, capacity: 2 })
    this.whenReset(() => {
      known.clear()
      unknown.clear()
    })
    const resolve = (digest: string, minSeq: number) => ask(this, digest, minSeq)
    const options = { lease: this.lease, follower: this.follower, known, unknown, isUnknown: () => false }
    const reader = new SnapshotReader<ModelEntry>(options)
    this.reader = isCoalescingAlways
      ? coalesceAlways(known, resolve)
      : { read: (digest) => reader.read(digest, (minSeq) => resolve(digest, minSeq)) }
  }
}

export class TokenService extends Holder {
  readonly answers: StoredAnswerReader<ModelAnswer>

  constructor(
    name: string,
    clock: ModelClock,
    redis: {
      get(digest: string): Promise<ModelAnswer | null>
      set(digest: string, answer: ModelAnswer): Promise<void>
    },
    readTruth: (digest: string) => Promise<ModelAnswer>
  ) {
    super(name, 'token-service', clock)
    this.answers = new StoredAnswerReader({
      lease: this.lease,
      memory: this.memory,
      follower: this.follower,
      store: redis,
      readTruth
    })
  }
}

/** The mechanism switched off: requests share a resolve that was begun before they arrived, lease or not. */
function coalesceAlways(
  cache: SnapshotCache<ModelEntry>,
  resolve: (digest: string, minSeq: number) => Promise<ModelEntry>
): Reader {
  const inFlight = new Map<string, Promise<ModelEntry>>()
  return {
    async read(digest) {
      const remembered = cache.lookup(digest)
      if (remembered !== undefined) return remembered
      const shared = inFlight.get(digest) ?? resolve(digest, 0).finally(() => inFlight.delete(digest))
      inFlight.set(digest, shared)
      return shared
    }
  }
}
