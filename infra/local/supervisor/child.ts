import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { StopSignal, Watchdog } from './watchdog.ts'

/** What to run, and how it wants to be stopped. */
export interface ChildSpec {
  name: string
  command: string
  args: string[]
  env?: NodeJS.ProcessEnv
  cwd?: string
  uid?: number
  gid?: number
  stopSignal: StopSignal
  stopWithinMs: number
  /** The pause before a restart doubles up to this. */
  longestPauseMs?: number
  onLine: (line: string) => void
}

/** How a process ended: with a status or by a signal, or it could not be started at all. */
export type Exit =
  | { kind: 'status'; status: number }
  | { kind: 'signal'; signal: string }
  | { kind: 'missing'; reason: string }

export interface Child {
  pid: number
  exited: Promise<Exit>
  /** Asks the process to end, kills its whole group when it takes too long, and waits until it is gone. */
  stop(): Promise<void>
  /** Kills the process and its group without asking. */
  kill(): void
}

/** Starts a process in a group of its own, guarded from its first moment; each line it prints goes to `onLine`. */
export function startChild(spec: ChildSpec, watchdog: Watchdog): Child {
  const process_ = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid })
  })
  const pid = process_.pid ?? 0
  if (pid > 0) watchdog.guard(pid, spec.stopSignal)

  for (const stream of [process_.stdout, process_.stderr]) {
    createInterface({ input: stream }).on('line', spec.onLine)
  }

  const exited = new Promise<Exit>((resolve) => {
    process_.once('error', (error) => {
      if (pid === 0) resolve({ kind: 'missing', reason: error.message })
    })
    process_.once('exit', (status, signal) => {
      signalGroup(pid, 'SIGKILL')
      watchdog.release(pid)
      resolve(signal === null ? { kind: 'status', status: status ?? 0 } : { kind: 'signal', signal })
    })
  })

  return {
    pid,
    exited,
    kill: () => signalGroup(pid, 'SIGKILL'),
    async stop() {
      if (pid > 0) process_.kill(spec.stopSignal)
      const deadline = setTimeout(() => signalGroup(pid, 'SIGKILL'), spec.stopWithinMs)
      await exited
      clearTimeout(deadline)
    }
  }
}

/** Signals every process of a group; a group that has ended is none to signal. */
function signalGroup(group: number, signal: 'SIGKILL'): void {
  if (group <= 0) return
  try {
    process.kill(-group, signal)
  } catch {
    // The group is gone already.
  }
}

/** An exit as words for a log line. */
export function describeExit(exit: Exit): string {
  if (exit.kind === 'status') return `ended with status ${exit.status}`
  if (exit.kind === 'signal') return `was ended by ${exit.signal}`
  return `could not be started: ${exit.reason}`
}
