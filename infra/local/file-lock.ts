import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A lock that one process on this machine holds; a lock whose owner has died counts as free. */
export interface FileLock {
  release(): void
}

/** Takes the lock, or answers the process id of its living owner. */
export function tryLock(path: string): FileLock | { heldBy: number } {
  mkdirSync(dirname(path), { recursive: true })
  const own = `${path}.${process.pid}`
  writeFileSync(own, `${process.pid}\n`, { mode: 0o600 })
  try {
    // The lock appears with its owner in it: one that is created first and written then looks like a dead one in between.
    while (!isLinked(own, path)) {
      const owner = lockOwner(path)
      if (owner !== undefined) return { heldBy: owner }
      removeDead(path)
    }
    return { release: () => rmSync(path, { force: true }) }
  } finally {
    rmSync(own, { force: true })
  }
}

function isLinked(own: string, path: string): boolean {
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (isErrorCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * One process at a time: of two that find the same lock dead, the slower one would remove what the faster one has taken.
 * The lock for that may be found dead as well, and is treated alike.
 */
function removeDead(path: string): void {
  const removal = tryLock(`${path}.removal`)
  if (!('release' in removal)) return
  try {
    const owner = readOwner(path)
    if (owner !== undefined && !isAlive(owner)) rmSync(path, { force: true })
  } finally {
    removal.release()
  }
}

/** Runs `work` while holding the lock, and waits as long as another living process holds it. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const lock = tryLock(path)
    if ('release' in lock) {
      try {
        return await work()
      } finally {
        lock.release()
      }
    }
    await delay(100)
  }
}

/** The living process that holds the lock, if there is one. */
export function lockOwner(path: string): number | undefined {
  const owner = readOwner(path)
  return owner !== undefined && isAlive(owner) ? owner : undefined
}

/** Who took the lock, dead or alive; undefined when nobody has it. */
function readOwner(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10)
  } catch {
    return undefined
  }
}

/** Whether a process with this id exists, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isErrorCode(error, 'EPERM')
  }
}

export function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
