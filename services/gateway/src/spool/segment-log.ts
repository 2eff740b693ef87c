import { unlink } from 'node:fs/promises'
import type { Group } from './group.ts'
import type { Room } from './room.ts'
import { newSegment, type Segment } from './segment.ts'
import { createSegmentFile, type SegmentFile } from './segment-file.ts'
import { createSyncer } from './syncer.ts'

/** The files of the spool: appended to at the end, removed from the beginning. */
export interface SegmentLog {
  /** Oldest first. */
  readonly segments: readonly Segment[]
  /** Appends a whole group to the newest segment, or to a new one; throws when the disk does not take it. */
  append(group: Group, bytes: Buffer): void
  /** The audit service has everything of the boot up to `seq`. */
  cover(boot: string, seq: number, nowMs: number): void
  /** Removes what has been covered since before `sinceMs`, as far as `isEnough` does not stop it. */
  removeCovered(sinceMs: number, isEnough?: () => boolean): void
  durable(): Promise<void>
  close(): Promise<void>
}

export interface SegmentLogOptions {
  readonly directory: string
  readonly boot: string
  readonly segmentBytes: number
  readonly room: Room
  /** What earlier boots left, oldest first. */
  readonly recovered: readonly Segment[]
  readonly onError: (error: unknown) => void
}

export function createSegmentLog(options: SegmentLogOptions): SegmentLog {
  const { directory, boot, segmentBytes, room, onError } = options
  const segments = [...options.recovered]
  const syncer = createSyncer(directory, (error) => {
    // What the file holds may be lost; what comes next must not go down with it.
    roll()
    onError(error)
  })
  let file: SegmentFile | null = null

  function roll(): void {
    if (file !== null) syncer.retire(file)
    file = null
  }

  function fileFor(group: Group): SegmentFile {
    if (file !== null && file.segment.bytes > 0 && file.segment.bytes + group.bytes > segmentBytes) roll()
    if (file !== null) return file
    file = createSegmentFile(newSegment(directory, boot, group.firstSeq))
    segments.push(file.segment)
    syncer.changedDirectory()
    return file
  }

  function remove(segment: Segment): void {
    segments.splice(segments.indexOf(segment), 1)
    room.give(segment)
    syncer.changedDirectory()
    unlink(segment.path).catch(onError)
  }

  return {
    segments,
    append(group, bytes) {
      file?.repair()
      const target = fileFor(group)
      target.append(bytes)
      target.segment.coveredSinceMs = null
      target.segment.lastSeq += group.events
      target.segment.unauthenticatedBytes += group.unauthenticatedBytes
      syncer.wrote(target)
    },
    cover(coveredBoot, seq, nowMs) {
      for (const segment of segments) {
        if (segment.boot !== coveredBoot) continue
        segment.coveredSinceMs = segment.lastSeq > seq ? null : (segment.coveredSinceMs ?? nowMs)
      }
    },
    removeCovered(sinceMs, isEnough = () => false) {
      for (const segment of segments.filter(({ coveredSinceMs }) => coveredSinceMs !== null)) {
        if (isEnough()) return
        const isActive = segment === file?.segment
        if (!isActive && (segment.coveredSinceMs ?? Number.POSITIVE_INFINITY) <= sinceMs) remove(segment)
      }
    },
    durable: syncer.durable,
    async close() {
      roll()
      await syncer.durable()
    }
  }
}
