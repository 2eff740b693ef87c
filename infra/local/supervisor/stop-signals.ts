/** A signal reaches the whole process group and npm forwards it once more: repeats this close are one request. */
const sameRequestMs = 2_000
const parentCheckMs = 1_000

export interface StopHandlers {
  stop: (reason: string) => void
  /** The person insists: end at once. */
  force: (reason: string) => void
}

/** Calls `stop` for the first signal and `force` for one that comes more than two seconds later. */
export function onStopSignals(handlers: StopHandlers): void {
  let firstAt: number | undefined
  const receive = (signal: string) => {
    if (firstAt === undefined) {
      firstAt = performance.now()
      handlers.stop(signal)
    } else if (performance.now() - firstAt > sameRequestMs) {
      handlers.force(signal)
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => receive(signal))
  followNpm(() => receive('the end of npm'))
}

/** Under `npm start`, an npm that was killed without a chance to say so takes the runner with it. */
function followNpm(onGone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const check = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(check)
    onGone()
  }, parentCheckMs)
  check.unref()
}
