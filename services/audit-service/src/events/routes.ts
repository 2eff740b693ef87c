import { AuditEvent, EventPage, IdParams, ListEventsQuery, Problem } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { callerFrom } from '../auth/session-policy.ts'
import { namesOf, refuseUnstorable } from './filters.ts'
import { type FindEventDeps, findEvent } from './find-event.ts'
import { type ListEventsDeps, listEvents } from './list-events.ts'
import { type RecordReadDeps, recordRead } from './record-read.ts'

export type EventRoutesDeps = ListEventsDeps & FindEventDeps & RecordReadDeps

const config = { policy: 'session' } as const
const problems = { '4xx': Problem, '5xx': Problem }

/** Reading the audit log (audit.md, "Reading"). */
export function registerEventRoutes(app: App, deps: EventRoutesDeps): void {
  app.get(
    '/v1/audit/events',
    { config, schema: { querystring: ListEventsQuery, response: { 200: EventPage, ...problems } } },
    async (request, reply) => {
      const { limit, cursor, ...filters } = request.query
      refuseUnstorable(filters)
      const caller = callerFrom(request)
      const page = await listEvents(deps, caller, request.query)
      const details = { filters: namesOf(filters), returned: page.items.length }
      await recordRead(deps, { request, caller, target: null, details })
      return reply.header('cache-control', 'no-store').send(page)
    }
  )

  app.get(
    '/v1/audit/events/:id',
    { config, schema: { params: IdParams, response: { 200: AuditEvent, ...problems } } },
    async (request, reply) => {
      const { id } = request.params
      const caller = callerFrom(request)
      const event = await findEvent(deps, caller, id)
      await recordRead(deps, { request, caller, target: { type: 'audit_event', id: event.id }, details: {} })
      return reply.header('cache-control', 'no-store').send(event)
    }
  )
}
