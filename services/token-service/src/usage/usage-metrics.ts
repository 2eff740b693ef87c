import type { Metrics } from '@patgate/service-kit'
import { Counter, Gauge } from 'prom-client'

export interface UsageMetrics {
  /** Repeated: it had been rolled up before. Refused: it is no report. */
  countReports(result: 'stored' | 'repeated' | 'refused', reports: number): void
}

export function createUsageMetrics({ registry }: Metrics): UsageMetrics {
  const registers = [registry]
  const reports = new Counter({
    name: 'patgate_usage_reports_total',
    help: 'Usage reports of gateways that this process took in',
    labelNames: ['result'],
    registers
  })
  const storedAt = new Gauge({
    name: 'patgate_usage_last_stored_timestamp_seconds',
    help: 'When this process last rolled up a usage report',
    registers
  })
  return {
    countReports(result, count) {
      reports.inc({ result }, count)
      if (result === 'stored' && count > 0) storedAt.setToCurrentTime()
    }
  }
}
