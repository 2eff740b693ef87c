import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type StopSignal = 'SIGTERM' | 'SIGINT'

/**
 * Promises that a guarded process group ends when this process does, by whatever cause (SIGKILL and a
 * crash included).
 */
export interface Watchdog {
  guard(group: number, signal: StopSignal): void
  release(group: number): void
  /** Ends the watchdog; groups that are still guarded are stopped by it. */
  close(): void
}

const script = fileURLToPath(new URL('watchdog.sh', import.meta.url))

/**
 * Starts a watchdog in a session of its own, so that neither Ctrl-C nor a signal to the runner's whole
 * group reaches it. Should it die nevertheless, another takes over.
 */
export function startWatchdog(): Watchdog {
  const guarded = new Map<number, StopSignal>()
  let isClosed = false
  let shell = startShell()

  function startShell(): ChildProcess {
    const child = spawn('/bin/sh', [script], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    child.stdin?.on('error', () => undefined)
    child.once('exit', () => {
      if (isClosed) return
      shell = startShell()
      for (const [group, signal] of guarded) tell(`+ ${group} ${signal.slice(3)}`)
    })
    child.unref()
    const pipe = child.stdin as unknown as { unref?: () => void } | null
    pipe?.unref?.()
    return child
  }

  function tell(line: string): void {
    shell.stdin?.write(`${line}\n`)
  }

  return {
    guard(group, signal) {
      guarded.set(group, signal)
      tell(`+ ${group} ${signal.slice(3)}`)
    },
    release(group) {
      if (guarded.delete(group)) tell(`- ${group}`)
    },
    close() {
      isClosed = true
      shell.stdin?.end()
    }
  }
}
