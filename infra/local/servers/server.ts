import { openSync, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type ChildSpec, describeExit } from '../supervisor/child.ts'
import type { Supervised } from '../supervisor/supervise.ts'
import { startWatchdog, type Watchdog } from '../supervisor/watchdog.ts'

/** What every starter takes. */
export interface ServerOptions {
  /** The folder that holds this server's data and configuration; created when missing. */
  directory: string
  /** Whoever starts several servers shares one watchdog among them. */
  watchdog?: Watchdog
  report?: (line: string) => void
  tools?: string
  longestPauseMs?: number
}

/** What every starter answers: a server that is ready. */
export interface Server {
  readonly pid: number
  stop(): Promise<void>
  kill(): void
  /** Called after each restart that followed a crash. */
  onRestart(callback: () => void): void
}

const readyWithinMs = 60_000
const pollMs = 25
const keptLines = 15

/** The options with their defaults, and a watchdog that ends with the server if it was started for it alone. */
export function completeOptions(options: ServerOptions): {
  watchdog: Watchdog
  report: (line: string) => void
  done: () => void
  restarts: Pick<ChildSpec, 'longestPauseMs'>
} {
  const watchdog = options.watchdog ?? startWatchdog()
  return {
    watchdog,
    report: options.report ?? (() => undefined),
    restarts: options.longestPauseMs === undefined ? {} : { longestPauseMs: options.longestPauseMs },
    done: () => {
      if (options.watchdog === undefined) watchdog.close()
    }
  }
}

/** Keeps a server's own output in a file, and its last lines at hand for the message of a failed start. */
export function serverLog(path: string): { onLine: (line: string) => void; lastLines: () => string } {
  const last: string[] = []
  const file = openSync(path, 'a', 0o600)
  return {
    onLine(line) {
      writeSync(file, `${line}\n`)
      last.push(line)
      if (last.length > keptLines) last.shift()
    },
    lastLines: () => last.map((line) => `  ${line}`).join('\n')
  }
}

/** Waits until the server answers; fails with its last words when it ends before, or does not answer in time. */
export async function becomeReady(
  supervised: Supervised,
  answers: () => Promise<boolean>,
  lastLines: () => string
): Promise<void> {
  let failure: string | undefined
  void supervised.endedEarly.then((exit) => {
    failure = describeExit(exit)
  })
  const deadline = performance.now() + readyWithinMs
  while (failure === undefined && performance.now() < deadline) {
    if (await answers().catch(() => false)) return
    await delay(pollMs)
  }
  await supervised.stop()
  throw new Error(`${supervised.name} ${failure ?? 'did not answer in time'}:\n${lastLines()}`)
}

/** Presents a supervised process that has become ready. */
export function readyServer(supervised: Supervised, done: () => void): Server {
  const callbacks: (() => void)[] = []
  supervised.keepRunning(() => {
    for (const callback of callbacks) callback()
  })
  return {
    get pid() {
      return supervised.pid
    },
    async stop() {
      await supervised.stop()
      done()
    },
    kill: () => supervised.kill(),
    onRestart: (callback) => void callbacks.push(callback)
  }
}
