import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** The metrics of one process; services add their own to `registry`, named `patgate_*`. */
export interface Metrics {
  readonly registry: Registry
  observeRequest(method: string, route: string, status: number, seconds: number): void
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'patgate_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry]
  })
  return {
    registry,
    observeRequest(method, route, status, seconds) {
      durations.observe({ method, route, status }, seconds)
    }
  }
}
