import type { Metrics } from '@patgate/service-kit'
import { Counter, Gauge, Histogram } from 'prom-client'
import type { JobName } from './recurring-job.ts'

/** What this process can tell of recurring work; a run that another replica was doing already is none. */
export interface MaintenanceMetrics {
  observeSuccess(job: JobName, seconds: number, handled: number): void
  observeFailure(job: JobName): void
}

export function createMaintenanceMetrics({ registry }: Metrics): MaintenanceMetrics {
  const registers = [registry]
  const labelNames = ['job']
  const succeededAt = new Gauge({
    name: 'patgate_maintenance_last_success_timestamp_seconds',
    help: 'When this process last finished a run of the job',
    labelNames,
    registers
  })
  const durations = new Histogram({
    name: 'patgate_maintenance_duration_seconds',
    help: 'How long finished runs of the job took',
    labelNames,
    buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60, 300],
    registers
  })
  const handled = new Counter({
    name: 'patgate_maintenance_handled_total',
    help: 'What finished runs of the job dealt with: tokens, notices, mails or rows',
    labelNames,
    registers
  })
  const failures = new Counter({
    name: 'patgate_maintenance_failures_total',
    help: 'Runs of the job that failed; each is tried again at its next time',
    labelNames,
    registers
  })
  return {
    observeSuccess(job, seconds, count) {
      succeededAt.setToCurrentTime({ job })
      durations.observe({ job }, seconds)
      handled.inc({ job }, count)
    },
    observeFailure: (job) => failures.inc({ job })
  }
}
