import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { Segment } from './segment.ts'

/** A segment that is open for appending. */
export interface SegmentFile {
  readonly segment: Segment
  readonly fd: number
  /**
   * Appends all the bytes or none: throws when the disk does not take them. What it took of them has to be cut by
   * `repair` before anything else is written, here or in another file.
   */
  append(bytes: Buffer): void
  repair(): void
  close(): void
}

/** Creates the file; its name is durable only when the folder is synced. */
export function createSegmentFile(segment: Segment): SegmentFile {
  const fd = openSync(segment.path, 'ax', 0o600)
  let isTorn = false

  return {
    segment,
    fd,
    append(bytes) {
      try {
        // Synchronous on purpose: into the page cache it takes 1.5 µs, where a detour over the thread pool takes 30.
        for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written)
      } catch (error) {
        isTorn = true
        throw error
      }
      segment.bytes += bytes.length
    },
    repair() {
      if (isTorn) ftruncateSync(fd, segment.bytes)
      isTorn = false
    },
    close() {
      closeSync(fd)
    }
  }
}
