import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A lock that one process on this machine holds; a lock whose owner has died counts as free. */
export interface FileLock {
  release(): void
}

/** Takes the lock, or answers the process id of its living owner. */
export function tryLock(path: string): FileLock | { heldBy: number } {
  mkdirSync(dirname(path), { recursive: true })
  for (;;) {
    try {
      const file = openSync(path, 'wx', 0o600)
      writeSync(file, `${process.pid}\n`)
      closeSync(file)
      return { release: () => rmSync(path, { force: true }) }
    } catch (error) {
      if (!isErrorCode(error, 'EEXIST')) throw error
    }
    const owner = lockOwner(path)
    if (owner !== undefined) return { heldBy: owner }
    rmSync(path, { force: true })
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
  try {
    const owner = Number.parseInt(readFileSync(path, 'utf8'), 10)
    return isAlive(owner) ? owner : undefined
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
