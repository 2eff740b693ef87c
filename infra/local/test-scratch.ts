import { chmodSync, globSync, mkdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from './file-lock.ts'

const MEMORY = '/dev/shm'
const MOUNTS = '/proc/self/mounts'
/** A whole run had 320 MiB there at most; the rest is room for the processes that it starts. */
const ROOM_BYTES = 8 * 1024 ** 3
const PREFIX = 'patgate-test-'

/**
 * Opens the folder for what a run of the tests throws away, its databases and temporary files: in memory where that has
 * room, else in `home`. Each test has a database of its own, and on a disk a fifth of all processor time went into their files.
 */
export function openScratch(home: string): string {
  removeAbandoned(MEMORY, PREFIX)
  const scratch = hasRoom() ? join(MEMORY, `${PREFIX}${process.pid}`) : join(home, 'scratch')
  mkdirSync(scratch, { recursive: true })
  // PostgreSQL runs as another user where the run is root, and has to get through to its folder.
  chmodSync(scratch, 0o711)
  return scratch
}

function hasRoom(): boolean {
  if (process.availableMemory() < 2 * ROOM_BYTES || !isRunnable()) return false
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize >= ROOM_BYTES
}

/** Whether there is such a place, and programs in it may be run: some tests write one. */
function isRunnable(): boolean {
  try {
    const mount = readFileSync(MOUNTS, 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([, place]) => place === MEMORY)
    return mount?.[2] === 'tmpfs' && !mount[3]?.split(',').includes('noexec')
  } catch {
    return false
  }
}

/** Removes the folders of runs that were killed before they could do so; behind the prefix stands the process. */
export function removeAbandoned(place: string, prefix: string): void {
  for (const name of globSync(`${prefix}*`, { cwd: place })) {
    if (isAlive(Number(name.slice(prefix.length)))) continue
    try {
      rmSync(join(place, name), { recursive: true, force: true })
    } catch {
      // Another user's, in a place that all users share.
    }
  }
}
