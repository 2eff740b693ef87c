import { Fault } from '@patgate/service-kit'
import type { SpoolEvent } from './envelope.ts'
import { createGroupBuffer, type Group } from './group.ts'
import type { Lane } from './record.ts'
import type { Room } from './room.ts'
import type { SegmentLog } from './segment-log.ts'

/** Numbers events and writes those of one event-loop turn with one `write(2)`. */
export interface GroupCommit {
  /** The number of the last event that is written. */
  readonly writtenSeq: number
  /** Why the disk took nothing the last time; null while it takes everything. */
  readonly failure: Error | null
  /** Adds an event to this turn's group. Should the group fail, its numbers are given out again and `onLost` is called. */
  put(event: SpoolEvent, lane: Lane, onLost: (() => void) | null): Numbered
  /** Writes the group now and not at the end of the turn. */
  flush(): void
  /** Writes what is left and tries nothing again. */
  close(): void
  /** Called after each write, until the returned function is called. */
  onWritten(listener: () => void): () => void
}

export interface Numbered {
  readonly seq: number
  readonly group: Group
}

export interface GroupCommitOptions {
  readonly log: SegmentLog
  readonly room: Room
  /** The whole event as JSON, under this number. */
  readonly encode: (event: SpoolEvent, seq: number) => string
  readonly retryAfterMs: number
  readonly onFailure: (failure: Error) => void
  /** Puts what has to be written first after a failure. */
  readonly onRetry: () => void
}

export function createGroupCommit({
  log,
  room,
  encode,
  retryAfterMs,
  onFailure,
  onRetry
}: GroupCommitOptions): GroupCommit {
  const buffer = createGroupBuffer()
  const listeners = new Set<() => void>()
  let lastSeq = 0
  let writtenSeq = 0
  let failure: Error | null = null
  let flushing: NodeJS.Immediate | null = null
  let retrying: NodeJS.Timeout | null = null
  let isClosed = false

  function flush(): void {
    if (flushing !== null) clearImmediate(flushing)
    flushing = null
    const { group } = buffer
    if (group === null) return
    try {
      log.append(group, buffer.bytes())
    } catch (error) {
      fail(group, error)
      return
    }
    room.take(group)
    writtenSeq = lastSeq
    buffer.finish(null)
    for (const tell of listeners) tell()
  }

  function fail(group: Group, cause: unknown): void {
    lastSeq = group.firstSeq - 1
    failure = new Fault('unavailable', { cause, message: 'the audit spool cannot be written' })
    buffer.finish(failure)
    onFailure(failure)
    if (!isClosed) retrying ??= setTimeout(tryAgain, retryAfterMs).unref()
  }

  /** What has to be told of the failure is itself the attempt; where it fails, so does this. */
  function tryAgain(): void {
    retrying = null
    failure = null
    onRetry()
    flush()
  }

  return {
    get writtenSeq() {
      return writtenSeq
    },
    get failure() {
      return failure
    },
    put(event, lane, onLost) {
      if (!buffer.hasSpace()) flush()
      const seq = lastSeq + 1
      const group = buffer.add(seq, lane, encode(event, seq), onLost)
      lastSeq = seq
      flushing ??= setImmediate(flush)
      return { seq, group }
    },
    flush,
    close() {
      isClosed = true
      if (retrying !== null) clearTimeout(retrying)
      flush()
    },
    onWritten(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
