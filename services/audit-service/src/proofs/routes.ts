import { EventProof, IdParams, Problem } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { callerFrom } from '../auth/session-policy.ts'
import type { FindEventDeps } from '../events/find-event.ts'
import { type RecordReadDeps, recordRead } from '../events/record-read.ts'
import { proveEvent } from './prove-event.ts'

export type ProofRoutesDeps = FindEventDeps & RecordReadDeps

/** The proof of one event (audit.md, "The Merkle log"); asking for it is reading. */
export function registerProofRoutes(app: App, deps: ProofRoutesDeps): void {
  app.get(
    '/v1/audit/events/:id/proof',
    {
      config: { policy: 'session' },
      schema: { params: IdParams, response: { 200: EventProof, '4xx': Problem, '5xx': Problem } }
    },
    async (request, reply) => {
      const { id } = request.params
      const caller = callerFrom(request)
      const proof = await proveEvent(deps, caller, id)
      await recordRead(deps, { request, caller, target: { type: 'audit_event', id }, details: {} })
      return reply.header('cache-control', 'no-store').send(proof)
    }
  )
}
