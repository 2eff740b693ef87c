import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import { logSize } from '../checkpoints/published.ts'
import type { AuditDatabase } from '../database/schema.ts'

/** Tells when the log has grown, whichever replica stored the events. */
export interface LogGrowth {
  /** The size of the log once it is more than `size`; null when that takes longer than `withinMs`, or at the signal. */
  beyond(size: number, withinMs: number, signal: AbortSignal): Promise<number | null>
}

export interface LogGrowthDeps {
  readonly database: Kysely<AuditDatabase>
  readonly logger: Logger
}

const LOOK_EVERY_MS = 150

/** Looks at the head of the log while somebody waits, once for all who wait. */
export function watchLogGrowth({ database, logger }: LogGrowthDeps): LogGrowth {
  let looking: Promise<number> | null = null

  async function look(): Promise<number> {
    await pause(LOOK_EVERY_MS)
    return logSize(database).catch((err: unknown) => {
      logger.debug({ err }, 'the size of the log cannot be read; it is looked at again')
      return 0
    })
  }

  return {
    async beyond(size, withinMs, signal) {
      const deadlineMs = performance.now() + withinMs
      while (!signal.aborted && performance.now() < deadlineMs) {
        looking ??= look().finally(() => {
          looking = null
        })
        const seen = await looking
        if (seen > size) return seen
      }
      return null
    }
  }
}
