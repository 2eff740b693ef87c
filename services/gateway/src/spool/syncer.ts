import { fdatasync } from 'node:fs'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { SegmentFile } from './segment-file.ts'

/** Brings to the disk what was written; whoever asks while it works shares the next round with all who ask then. */
export interface Syncer {
  /** Something was appended to this file. */
  wrote(file: SegmentFile): void
  /** Nothing more will be appended: it is closed once it is synced. */
  retire(file: SegmentFile): void
  /** A file was created in the folder, or removed. */
  changedDirectory(): void
  /** Resolves when everything said before is on the disk; rejects when the disk refused any of it. */
  durable(): Promise<void>
}

const syncFile = promisify(fdatasync)

/** `onFailure` is called once for each round that failed. */
export function createSyncer(directory: string, onFailure: (error: unknown) => void): Syncer {
  const dirty = new Set<SegmentFile>()
  const retired = new Set<SegmentFile>()
  // After one failure the kernel may call a file synced although it lost pages of it, so it is never believed again.
  const failed = new Set<SegmentFile>()
  let isDirectoryDirty = false
  let running: Promise<void> = Promise.resolve()
  let isRunning = false
  let next: Promise<void> | null = null

  async function sync(): Promise<void> {
    next = null
    isRunning = true
    const files = [...dirty]
    const hasDirectory = isDirectoryDirty
    dirty.clear()
    isDirectoryDirty = false
    try {
      await Promise.all(files.map(({ fd }) => syncFile(fd)))
      if (hasDirectory) await syncDirectory(directory)
      if (files.some((file) => failed.has(file))) throw new Error('a segment could not be synced before')
    } catch (error) {
      for (const file of files) failed.add(file)
      isDirectoryDirty ||= hasDirectory
      onFailure(error)
      throw error
    } finally {
      isRunning = false
      closeRetired(files)
    }
  }

  function closeRetired(files: readonly SegmentFile[]): void {
    for (const file of files) {
      if (!retired.has(file) || dirty.has(file)) continue
      retired.delete(file)
      failed.delete(file)
      file.close()
    }
  }

  return {
    wrote: (file) => void dirty.add(file),
    retire(file) {
      retired.add(file)
      dirty.add(file)
    },
    changedDirectory() {
      isDirectoryDirty = true
    },
    durable() {
      if (next !== null) return next
      if (dirty.size === 0 && !isDirectoryDirty) return isRunning ? running : Promise.resolve()
      next = running.catch(() => undefined).then(sync)
      running = next
      return next
    }
  }
}

/** Makes the names in a folder durable: created files stay, removed ones stay removed. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
