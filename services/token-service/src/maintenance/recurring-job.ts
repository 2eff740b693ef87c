import type { JOBS } from '@patgate/contracts'

export type JobName = (typeof JOBS)[keyof typeof JOBS]

/**
 * Work that is done again and again, for ever. What is to be done is read from PostgreSQL each time, so a run that was
 * cut off anywhere, or came twice, does no harm: the next one goes on from what is committed.
 */
export interface RecurringJob {
  readonly name: JobName
  readonly everyMs: number
  /** Works until nothing is left or the signal aborts; answers how much it did. */
  run(signal: AbortSignal): Promise<number>
}
