import { chmodSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FileLock, lockOwner, tryLock } from './file-lock.ts'

/** The checkout: `node_modules/` and the downloaded tools belong to it, whatever the home is. */
export const checkout = fileURLToPath(new URL('../../', import.meta.url))
export const toolsDirectory = join(checkout, '.patgate', 'tools')
/** Where Node.js keeps what it compiled: a service starts in two thirds of the time when it has been started before. */
export const compileCache = join(toolsDirectory, 'compile-cache')

/** Where one instance keeps its data; two instances have two homes. */
export interface Home {
  root: string
  runFile: string
  secrets: string
  logs: string
  data(name: string): string
}

/**
 * Names the folders of a home and creates them. The root may be passed through by everybody, because
 * PostgreSQL runs as another user when the runner is root; what is inside is readable by its owner only.
 */
export function openHome(directory: string): Home {
  const root = resolve(directory)
  const home: Home = {
    root,
    runFile: join(root, 'run.json'),
    secrets: join(root, 'secrets'),
    logs: join(root, 'logs'),
    data: (name) => join(root, name)
  }
  mkdirSync(root, { recursive: true })
  chmodSync(root, 0o711)
  for (const folder of [home.secrets, home.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  return home
}

/** Takes the home for this process, or fails with a sentence that names the runner that has it. */
export function lockHome(root: string): FileLock {
  const lock = tryLock(lockPath(root))
  if ('release' in lock) return lock
  throw new Error(
    `patgate already runs from ${root} (process ${lock.heldBy}). Stop it first, or choose another PATGATE_HOME.`
  )
}

/** The process that runs from this home, if there is one. */
export function runningIn(root: string): number | undefined {
  return lockOwner(lockPath(root))
}

function lockPath(root: string): string {
  return join(root, 'runner.lock')
}
