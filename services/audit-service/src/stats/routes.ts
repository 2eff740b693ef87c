import { AuditStats, Problem, StatsQuery } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { callerFrom } from '../auth/session-policy.ts'
import { namesOf, refuseUnstorable } from '../events/filters.ts'
import { type RecordReadDeps, recordRead } from '../events/record-read.ts'
import { type CountEventsDeps, countEvents } from './count-events.ts'

export type StatsRoutesDeps = CountEventsDeps & RecordReadDeps

/** Counts over time, for charts (audit.md, "Reading"); counting is reading. */
export function registerStatsRoutes(app: App, deps: StatsRoutesDeps): void {
  app.get(
    '/v1/audit/stats',
    {
      config: { policy: 'session' },
      schema: { querystring: StatsQuery, response: { 200: AuditStats, '4xx': Problem, '5xx': Problem } }
    },
    async (request, reply) => {
      const { by = 'type', interval: _interval, ...filters } = request.query
      refuseUnstorable(filters)
      const caller = callerFrom(request)
      const stats = await countEvents(deps, caller, request.query)
      await recordRead(deps, { request, caller, target: null, details: { counted_by: by, filters: namesOf(filters) } })
      return reply.header('cache-control', 'no-store').send(stats)
    }
  )
}
