import type { Clock } from '@patgate/service-kit'
import { v7 as uuidv7 } from 'uuid'
import { timeOfId } from './event-id.ts'
import type { GapReason } from './losses.ts'
import type { Mended } from './recover.ts'

export interface SpoolOptions {
  /** Of this process alone. Created where it is missing. */
  readonly directory: string
  /** The producer's name in every event. */
  readonly producer: string
  readonly clock: Clock
  /** The bound on all segments together. */
  readonly maxBytes: number
  /** What happens to `buffered` events when the bound is reached: refused, or given up and counted. */
  readonly whenFull: 'block' | 'drop'
  readonly onError: (error: unknown) => void
  /** Recovery cut a torn tail or filled a hole. */
  readonly onMended?: (mended: Mended) => void
  /** Events were given up; for a metric. */
  readonly onLost?: (reason: GapReason, count: number) => void
  /** A segment is closed when it would grow beyond this. */
  readonly segmentBytes?: number
  /** How long written events may wait for the disk: half of the second that is promised, the disk has the other. */
  readonly syncAfterMs?: number
  /** How soon a disk that refused a write is tried again. */
  readonly retryAfterMs?: number
  /** How long a segment is kept beyond the audit service's commit, while there is room. */
  readonly keepCoveredMs?: number
  readonly tidyEveryMs?: number
}

const SEGMENT_BYTES = 8 * 1024 * 1024
/** The segment being written cannot be removed, so it must be a small part of the whole. */
const SEGMENTS_AT_LEAST = 16

export function withDefaults(options: SpoolOptions): Required<SpoolOptions> {
  const onMended: Required<SpoolOptions>['onMended'] = () => undefined
  const onLost: Required<SpoolOptions>['onLost'] = () => undefined
  return {
    onMended,
    onLost,
    syncAfterMs: 500,
    retryAfterMs: 250,
    keepCoveredMs: 10 * 60 * 1_000,
    tidyEveryMs: 1_000,
    ...options,
    segmentBytes: Math.min(options.segmentBytes ?? SEGMENT_BYTES, Math.ceil(options.maxBytes / SEGMENTS_AT_LEAST))
  }
}

/** Ids of boots sort in the order of the boots, also when the clock was set back in between. */
export function bootAfter(previous: string | undefined, nowMs: number): string {
  return uuidv7({ msecs: previous === undefined ? nowMs : Math.max(nowMs, timeOfId(previous) + 1) })
}
