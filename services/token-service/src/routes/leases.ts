import { HolderParams, RenewedLease, RenewLeaseBody } from '@patgate/contracts'
import type { App, Clock } from '@patgate/service-kit'
import { Type } from 'typebox'
import { dropLease, renewLease } from '../coherence/lease-rows.ts'
import type { Database } from '../database/schema.ts'
import { NoQuery } from './schemas.ts'

/** Renewals of gateways (coherence.md, "Holders and leases"). */
export function leaseRoutes(app: App, deps: { readonly database: Database; readonly clock: Clock }): void {
  const config = { policy: 'internal' } as const

  app.post(
    '/internal/v1/leases/:holder',
    {
      config,
      schema: { params: HolderParams, querystring: NoQuery, body: RenewLeaseBody, response: { 200: RenewedLease } }
    },
    async ({ params, body }) => renewLease(deps, params.holder, body)
  )

  // A gateway that ends in order gives its lease up, so that nobody waits for it.
  app.delete(
    '/internal/v1/leases/:holder',
    { config, schema: { params: HolderParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async ({ params }, reply) => {
      await dropLease(deps.database, params.holder)
      return reply.code(204).send(null)
    }
  )
}
