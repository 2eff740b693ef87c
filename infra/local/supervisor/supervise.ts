import { type Child, type ChildSpec, describeExit, type Exit, startChild } from './child.ts'
import type { Watchdog } from './watchdog.ts'

/** A process that is started again when it ends without having been asked to. */
export interface Supervised {
  readonly name: string
  readonly pid: number
  /** Settles when the process ends before `keepRunning` was called; stays open afterwards. */
  readonly endedEarly: Promise<Exit>
  /** From now on the process is restarted when it ends. Called once it has been ready for the first time. */
  keepRunning(onRestart: () => void): void
  stop(): Promise<void>
  kill(): void
}

const firstPauseMs = 250
export const LONGEST_PAUSE_MS = 10_000
/** A process that ran this long has recovered: the next restart begins with the short pause again. */
const recoveredAfterMs = 30_000

/**
 * Starts a process and watches over it. Until `keepRunning`, its end is an answer (a wrong configuration must
 * not become a loop of restarts); after that its end is a crash, which is reported and repaired.
 */
export function supervise(spec: ChildSpec, watchdog: Watchdog, report: (line: string) => void): Supervised {
  const longestPauseMs = spec.longestPauseMs ?? LONGEST_PAUSE_MS
  let child: Child
  let isStopping = false
  let onRestart: (() => void) | undefined
  let pauseMs = firstPauseMs
  let restart: NodeJS.Timeout | undefined
  const early = Promise.withResolvers<Exit>()

  function launch(): Child {
    const startedAt = performance.now()
    const next = startChild(spec, watchdog)
    void next.exited.then((exit) => {
      if (isStopping) return
      if (onRestart === undefined) {
        early.resolve(exit)
        return
      }
      if (performance.now() - startedAt > recoveredAfterMs) pauseMs = firstPauseMs
      report(`${spec.name} ${describeExit(exit)}; it is started again in ${pauseMs} ms`)
      restart = setTimeout(relaunch, pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    })
    return next
  }

  function relaunch(): void {
    child = launch()
    onRestart?.()
  }

  child = launch()
  return {
    name: spec.name,
    get pid() {
      return child.pid
    },
    endedEarly: early.promise,
    keepRunning(callback) {
      onRestart = callback
    },
    async stop() {
      isStopping = true
      clearTimeout(restart)
      await child.stop()
    },
    kill() {
      isStopping = true
      clearTimeout(restart)
      child.kill()
    }
  }
}
