import type { Logger } from './logger.ts'

/** One step of an orderly end; it may take `limitMs`, then the next one begins. */
export interface ShutdownPhase {
  readonly name: string
  readonly limitMs: number
  run(): Promise<unknown> | unknown
}

// A signal reaches the whole process group and npm forwards it again: repeats within this time count as one.
const REPEAT_MS = 2_000

/** Ends the process once, in named phases, on SIGTERM or SIGINT. A later second signal forces the exit. */
export function shutDownOnSignal(phases: readonly ShutdownPhase[], logger: Logger): void {
  let startedAtMs: number | null = null
  const onSignal = (signal: NodeJS.Signals): void => {
    if (startedAtMs === null) {
      startedAtMs = performance.now()
      logger.info({ signal }, 'shutting down')
      void runPhases(phases, logger).then((isClean) => process.exit(isClean ? 0 : 1))
    } else if (performance.now() - startedAtMs > REPEAT_MS) {
      logger.warn({ signal }, 'second signal: exit now')
      process.exit(1)
    }
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

/** Runs every phase even when one fails or takes too long; answers whether all went well. */
export async function runPhases(phases: readonly ShutdownPhase[], logger: Logger): Promise<boolean> {
  let isClean = true
  for (const phase of phases) {
    try {
      await within(phase.limitMs, Promise.resolve(phase.run()))
    } catch (error) {
      isClean = false
      logger.error({ phase: phase.name, err: error }, 'a phase of the shutdown failed')
    }
  }
  return isClean
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  const { promise: limit, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`took longer than ${limitMs} ms`)), limitMs)
  try {
    await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
