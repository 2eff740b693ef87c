import { encodeRecord, type Lane, RECORD_BYTES_AT_MOST } from './record.ts'
import type { Load } from './room.ts'

/** The events of one event-loop turn: they are written together, or none of them is. */
export interface Group extends Load {
  readonly firstSeq: number
  readonly events: number
  /** Resolves when the group has been written; rejects when the disk did not take it. */
  readonly written: Promise<void>
  /** Resolves either way, for events that may be lost. */
  settled(): Promise<void>
}

/** The one buffer in which groups are put together, each after the one before has been written. */
export interface GroupBuffer {
  /** The group in the making; null when nothing waits to be written. */
  readonly group: Group | null
  /** False when the next event may not fit any more: write the group first. */
  hasSpace(): boolean
  /** Adds the event numbered `seq`; what `onLost` says is done if the group cannot be written. */
  add(seq: number, lane: Lane, text: string, onLost: (() => void) | null): Group
  /** The group as it has to be written. */
  bytes(): Buffer
  /** Ends the group and tells all who wait for it. */
  finish(failure: Error | null): void
}

// A turn rarely brings more than a few events; a quarter of a megabyte beyond the largest is plenty.
const BUFFER_BYTES = RECORD_BYTES_AT_MOST + 256 * 1024

interface OpenGroup extends Group {
  bytes: number
  unauthenticatedBytes: number
  events: number
  readonly lost: (() => void)[]
  resolve(): void
  reject(failure: Error): void
}

export function createGroupBuffer(): GroupBuffer {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  let group: OpenGroup | null = null

  return {
    get group() {
      return group
    },
    hasSpace: () => (group?.bytes ?? 0) + RECORD_BYTES_AT_MOST <= BUFFER_BYTES,
    add(seq, lane, text, onLost) {
      const start = group?.bytes ?? 0
      const end = encodeRecord(buffer, start, lane, text)
      group ??= openGroup(seq)
      group.bytes = end
      group.events += 1
      if (lane === 'unauthenticated') group.unauthenticatedBytes += end - start
      if (onLost !== null) group.lost.push(onLost)
      return group
    },
    bytes: () => buffer.subarray(0, group?.bytes ?? 0),
    finish(failure) {
      const finished = group
      group = null
      if (finished === null) return
      if (failure === null) return finished.resolve()
      for (const tell of finished.lost) tell()
      // Perhaps nobody waits, and that is no error.
      void finished.settled()
      finished.reject(failure)
    }
  }
}

function openGroup(firstSeq: number): OpenGroup {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return {
    firstSeq,
    bytes: 0,
    unauthenticatedBytes: 0,
    events: 0,
    lost: [],
    written: promise,
    settled: () => promise.catch(() => undefined),
    resolve,
    reject
  }
}
