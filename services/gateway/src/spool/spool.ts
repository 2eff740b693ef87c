import { Fault } from '@patgate/service-kit'
import { createEnvelope, type SpoolEvent } from './envelope.ts'
import { createGroupCommit, type Numbered } from './group-commit.ts'
import { createLosses, type GapReason } from './losses.ts'
import { gapEvent, startedEvent, stoppedEvent } from './own-events.ts'
import type { Lane } from './record.ts'
import { recoverSegments } from './recover.ts'
import { createRoom } from './room.ts'
import type { Segment } from './segment.ts'
import { createSegmentLog } from './segment-log.ts'
import { bootAfter, type SpoolOptions, withDefaults } from './spool-options.ts'

export type { SpoolEvent } from './envelope.ts'
export type { SpoolOptions } from './spool-options.ts'

/**
 * What must become of an event. `strict`: kept, or refused. `buffered`: what the configuration says of a full spool.
 * `unauthenticated`: given up beyond its tenth of the spool, and never a reason to refuse anybody.
 */
export type Keeping = 'strict' | 'buffered' | 'unauthenticated'

/** What the caller of `append` may wait for. */
export interface Receipt {
  /** The event's number; null when it was given up. */
  readonly seq: number | null
  /** Resolves when the event survives the end of this process; rejects with `unavailable` when it must be kept and is not. */
  written(): Promise<void>
  /** Resolves when the event survives the end of this machine; rejects like `written`. */
  durable(): Promise<void>
}

export interface Spool {
  readonly producer: string
  readonly boot: string
  /** The number of the last event that is written. */
  readonly lastSeq: number
  readonly usedBytes: number
  /** Oldest first; the last one of this boot still grows. */
  readonly segments: readonly Segment[]
  /** False when `append` would refuse the event: answer 503 before anything is done that should be recorded. */
  accepts(keeping: Keeping): boolean
  /** Takes the event into this turn's group. Throws `unavailable` when there is no room for it. */
  append(event: SpoolEvent, keeping: Keeping): Receipt
  /** Called after each write, until the returned function is called. */
  onWritten(listener: () => void): () => void
  /** The audit service has stored everything of the boot up to `seq`. */
  committed(boot: string, seq: number): void
  /** Records `producer.stopped` and brings everything to the disk; takes no events any more. */
  close(): Promise<void>
}

const GIVEN_UP: Receipt = { seq: null, written: () => Promise.resolve(), durable: () => Promise.resolve() }
const GAPS_APART_MS = 1_000

/** Recovers what earlier boots left in the folder, begins a boot, and resolves when `producer.started` is on the disk. */
export async function openSpool(given: SpoolOptions): Promise<Spool> {
  const options = withDefaults(given)
  const { producer, clock, whenFull, onError } = options
  const recovered = await recoverSegments({ ...options, nowMs: clock.now() })
  const boot = bootAfter(recovered.previous?.boot, clock.now())
  const room = createRoom(options.maxBytes, recovered.segments)
  const log = createSegmentLog({ ...options, boot, room, recovered: recovered.segments })
  const envelope = createEnvelope(producer, boot)
  const losses = createLosses(options.onLost)
  const ownWaiting: SpoolEvent[] = []
  let toldGapsAtMs = Number.NEGATIVE_INFINITY
  let isClosed = false
  let syncing: NodeJS.Timeout | null = null

  const commit = createGroupCommit({
    log,
    room,
    encode: (event, seq) => envelope(event, seq, clock.now()),
    retryAfterMs: options.retryAfterMs,
    onFailure(failure) {
      onError(failure)
      log.removeCovered(Number.POSITIVE_INFINITY)
    },
    onRetry() {
      for (const event of ownWaiting.splice(0)) putOwn(event)
      tellGaps()
    }
  })

  function hasRoom(lane: Lane): boolean {
    if (!room.isLeft(lane)) log.removeCovered(Number.POSITIVE_INFINITY, () => room.isLeft(lane))
    return room.isLeft(lane)
  }

  function isDroppable(keeping: Keeping): boolean {
    return keeping === 'unauthenticated' || (keeping === 'buffered' && whenFull === 'drop')
  }

  function isOpen(lane: Lane): boolean {
    return !isClosed && commit.failure === null && hasRoom(lane)
  }

  function append(event: SpoolEvent, keeping: Keeping): Receipt {
    const lane: Lane = keeping === 'unauthenticated' ? 'unauthenticated' : 'kept'
    if (!isOpen(lane)) return giveUp(lane, keeping)
    if (losses.hasAny()) tellGapsAtTimes()
    // A strict event is written before its request takes place: when it cannot be, nothing is missing from the log.
    const onLost = keeping === 'strict' ? null : countUnwritten
    return receiptOf(commit.put(event, lane, onLost), keeping)
  }

  function countUnwritten(): void {
    losses.add('spool_unwritable', 1, clock.now())
  }

  function giveUp(lane: Lane, keeping: Keeping): Receipt {
    if (!isDroppable(keeping)) {
      throw new Fault('unavailable', { cause: commit.failure, message: 'the audit spool takes no more events' })
    }
    losses.add(reasonFor(lane), 1, clock.now())
    return GIVEN_UP
  }

  function reasonFor(lane: Lane): GapReason {
    if (commit.failure !== null) return 'spool_unwritable'
    return lane === 'kept' ? 'spool_full' : 'unauthenticated_limit'
  }

  function receiptOf({ seq, group }: Numbered, keeping: Keeping): Receipt {
    const written = isDroppable(keeping) ? group.settled() : group.written
    return { seq, written: () => written, durable: () => written.then(durable) }
  }

  function durable(): Promise<void> {
    return log.durable().catch((cause: unknown) => {
      throw new Fault('unavailable', { cause, message: 'the audit spool cannot be brought to the disk' })
    })
  }

  /** The spool's own events are few: they need no room, and are tried again until they are written. */
  function putOwn(event: SpoolEvent): void {
    commit.put(event, 'kept', () => ownWaiting.push(event))
  }

  function tellGaps(): void {
    toldGapsAtMs = clock.now()
    for (const details of losses.take()) {
      commit.put(gapEvent(producer, details), 'kept', () => losses.putBack(details))
    }
  }

  /** At the edge of a bound every second event may be lost; the telling must not fill what room there is. */
  function tellGapsAtTimes(): void {
    if (Math.abs(clock.now() - toldGapsAtMs) >= GAPS_APART_MS) tellGaps()
  }

  function tidy(): void {
    log.removeCovered(clock.now() - options.keepCoveredMs)
    const isOver = commit.failure === null && room.isComfortable('kept') && room.isComfortable('unauthenticated')
    if (isOver && losses.hasAny()) tellGapsAtTimes()
  }

  commit.onWritten(() => {
    syncing ??= setTimeout(sync, options.syncAfterMs).unref()
  })

  function sync(): void {
    syncing = null
    // The log itself tells of a failure; whoever waits for the disk asks by himself.
    log.durable().catch(() => undefined)
  }

  const { boot: previousBoot = null, lastSeq: previousLastSeq = null } = recovered.previous ?? {}
  putOwn(startedEvent(producer, { previous_boot: previousBoot, previous_last_seq: previousLastSeq }))
  commit.flush()
  if (commit.failure === null) await log.durable()
  const tidying = setInterval(tidy, options.tidyEveryMs).unref()

  return {
    producer,
    boot,
    segments: log.segments,
    accepts: (keeping) => isDroppable(keeping) || isOpen('kept'),
    append,
    get lastSeq() {
      return commit.writtenSeq
    },
    get usedBytes() {
      return room.usedBytes
    },
    onWritten: commit.onWritten,
    committed: (coveredBoot, seq) => log.cover(coveredBoot, seq, clock.now()),
    async close() {
      if (isClosed) return
      isClosed = true
      clearInterval(tidying)
      tellGaps()
      putOwn(stoppedEvent(producer))
      commit.close()
      if (syncing !== null) clearTimeout(syncing)
      await log.close()
    }
  }
}
