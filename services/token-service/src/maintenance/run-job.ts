import type { Database } from '../database/schema.ts'
import type { MaintenanceMetrics } from './maintenance-metrics.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { RecurringJob } from './recurring-job.ts'

export interface RunJobDeps {
  readonly database: Database
  readonly metrics: MaintenanceMetrics
}

/** One run of a job, at most one of its kind at a time across all replicas, and counted. */
export async function runJob({ database, metrics }: RunJobDeps, job: RecurringJob, signal: AbortSignal): Promise<void> {
  const startedAtMs = performance.now()
  try {
    const handled = await oneAtATime(database, job.name, () => job.run(signal))
    if (handled !== null) metrics.observeSuccess(job.name, (performance.now() - startedAtMs) / 1000, handled)
  } catch (error) {
    metrics.observeFailure(job.name)
    throw error
  }
}
