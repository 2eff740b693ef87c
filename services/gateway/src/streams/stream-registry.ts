import type { Change, ChangeMemory, InstantClock, Lease } from '@patgate/coherence'
import type { Clock } from '@patgate/service-kit'
import type { Grant } from '../decision/authorise.ts'
import type { Reconsideration } from '../decision/reconsider.ts'
import { BoundedQueue } from './bounded-queue.ts'
import type { CutReason, OpenStream, StreamKind } from './open-stream.ts'
import { endOf, keysOf } from './stream-keys.ts'
import { type Watched, WatchedStreams } from './watched-streams.ts'

/** A stream's place in the registry. */
export interface Registration {
  /** True while something may pass, in either direction: asked for everything that does. */
  mayPass(): boolean
  /** The stream has ended by itself. */
  end(): void
}

export interface StreamRegistryOptions {
  readonly instants: InstantClock
  /** Expiry is compared with it, as at every decision. */
  readonly clock: Clock
  readonly lease: Pick<Lease, 'isLive'>
  readonly memory: Pick<ChangeMemory, 'isCurrent'>
  /** Decides again on what a stream was opened with. Rejects when nobody can say. */
  readonly reconsider: (grant: Grant) => Promise<Reconsideration>
  readonly onCut?: (stream: OpenStream, reason: CutReason) => void
}

/**
 * Every open stream of this gateway, and the one place that ends them (coherence.md, "Connection registry"). Before a
 * change is acknowledged, what it touches is held: it delivers nothing and accepts nothing until it has been decided on
 * again. So is everything once the lease has lapsed.
 */
export interface StreamRegistry {
  /** Takes a stream in, right after its decision or later: what has changed since then is found. It may be held at once. */
  register(stream: OpenStream): Registration
  /** A change was applied; null when everything must be forgotten. */
  apply(change: Change | null): void
  /** Looks at the clocks: ends what has expired, holds what no lease covers, asks again about what is held. */
  sweep(): void
  /** Ends every endless stream, and each that comes from now on. */
  shutDown(): void
  count(kind: StreamKind): number
}

/** How long a held stream waits for a lease (`stream_grace`). */
const STREAM_GRACE_MS = 30_000
/** How long one that a change has touched waits when nobody can say: its revoker was told that it is over. */
const TOUCHED_GRACE_MS = 2_000
/** Questions at the same time: requests and renewals go to the same service. */
const MOST_QUESTIONS = 32

export function createStreamRegistry(options: StreamRegistryOptions): StreamRegistry {
  const { instants, clock, lease, memory, reconsider, onCut } = options
  const streams = new WatchedStreams()
  const questions = new BoundedQueue<Watched>(MOST_QUESTIONS, askUntilSettled)
  let isShuttingDown = false

  const monotonicMs = (): number => instants.read().monotonicMs

  function hold(one: Watched): void {
    if (one.heldAtMs !== null) return
    one.heldAtMs = monotonicMs()
    one.stream.hold()
  }

  function release(one: Watched): void {
    if (one.heldAtMs === null) return
    one.heldAtMs = null
    one.stream.release()
  }

  function leave(one: Watched): boolean {
    questions.delete(one)
    return streams.delete(one)
  }

  function cut(one: Watched, reason: CutReason): void {
    if (!leave(one)) return
    one.stream.cut(reason)
    onCut?.(one.stream, reason)
  }

  function touch(one: Watched): void {
    one.touches++
    one.touchedAtMs ??= monotonicMs()
    hold(one)
    questions.add(one)
  }

  async function askUntilSettled(one: Watched): Promise<void> {
    let isSettled = false
    while (!isSettled && streams.has(one)) {
      const { touches } = one
      const outcome = await reconsider(one.stream.grant).catch(() => null)
      isSettled = settle(one, touches, outcome)
    }
  }

  /** False when a change has touched the stream while it was asked about. */
  function settle(one: Watched, touches: number, outcome: Reconsideration | null): boolean {
    if (outcome === null) {
      const isLate = one.touchedAtMs !== null && monotonicMs() - one.touchedAtMs >= TOUCHED_GRACE_MS
      if (isLate) cut(one, 'unconfirmed')
      return true
    }
    if (!outcome.allowed) {
      cut(one, outcome.reason)
      return true
    }
    const keys = keysOf(one.stream.grant, outcome.principal)
    if (touches !== one.touches || !memory.isCurrent(outcome.asOf, keys)) return false
    one.keys = keys
    one.endsAtMs = endOf(one.stream.grant, outcome.principal)
    one.touchedAtMs = null
    // Without a lease it stays held: the next sweep that finds one asks again.
    if (lease.isLive() && streams.has(one)) release(one)
    return true
  }

  function sweepOne(one: Watched, isLive: boolean, nowMs: number, nowMonotonicMs: number): void {
    if (one.endsAtMs <= nowMs) {
      cut(one, 'expired')
      return
    }
    if (!isLive) hold(one)
    if (one.heldAtMs === null) return
    if (nowMonotonicMs - one.heldAtMs >= STREAM_GRACE_MS) cut(one, 'unconfirmed')
    else if (isLive || one.touchedAtMs !== null) questions.add(one)
  }

  return {
    register(stream) {
      const one = watch(stream)
      streams.add(one)
      if (isShuttingDown && stream.isEndless) cut(one, 'shutdown')
      else if (!memory.isCurrent(stream.grant.asOf, one.keys)) touch(one)
      else if (!lease.isLive()) hold(one)
      return {
        mayPass() {
          if (one.heldAtMs !== null || !streams.has(one)) return false
          if (lease.isLive() && clock.now() < one.endsAtMs) return true
          hold(one)
          return false
        },
        end: () => void leave(one)
      }
    },

    apply(change) {
      if (change === null) for (const one of streams) touch(one)
      else if (change.selector !== null) for (const one of streams.touchedBy(change.selector)) touch(one)
    },

    sweep() {
      const isLive = lease.isLive()
      const nowMs = clock.now()
      const nowMonotonicMs = monotonicMs()
      for (const one of streams) sweepOne(one, isLive, nowMs, nowMonotonicMs)
    },

    shutDown() {
      isShuttingDown = true
      for (const one of streams) if (one.stream.isEndless) cut(one, 'shutdown')
    },

    count(kind) {
      let count = 0
      for (const { stream } of streams) if (stream.kind === kind) count++
      return count
    }
  }
}

function watch(stream: OpenStream): Watched {
  const { grant } = stream
  return {
    stream,
    keys: keysOf(grant, grant.principal),
    endsAtMs: endOf(grant, grant.principal),
    heldAtMs: null,
    touchedAtMs: null,
    touches: 0
  }
}
