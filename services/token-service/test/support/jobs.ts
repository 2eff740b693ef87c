import { createMetrics } from '@patgate/service-kit'
import { createMaintenanceMetrics } from '../../src/maintenance/maintenance-metrics.ts'
import type { JobName, RecurringJob } from '../../src/maintenance/recurring-job.ts'

/** A job that counts its runs. */
export function countingJob(name: JobName, everyMs: number): RecurringJob & { readonly runs: number } {
  let runs = 0
  return {
    name,
    everyMs,
    get runs() {
      return runs
    },
    async run() {
      runs++
      return 1
    }
  }
}

/** Metrics of recurring work, and what a scrape of them would say. */
export function openMetrics() {
  const process = createMetrics()
  return { metrics: createMaintenanceMetrics(process), scrape: () => process.registry.metrics() }
}
