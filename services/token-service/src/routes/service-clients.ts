import {
  CreateServiceClientBody,
  closed,
  IdParams,
  PageQuery,
  ServiceClientPage,
  ServiceClientWithSecret
} from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import { createServiceClient, type ServiceClientDeps } from '../service-clients/create-service-client.ts'
import { deleteServiceClient } from '../service-clients/delete-service-client.ts'
import { listServiceClients } from '../service-clients/list-service-clients.ts'
import { rotateServiceClient } from '../service-clients/rotate-service-client.ts'
import { NoFields, NoQuery } from './schemas.ts'

const Pages = closed(PageQuery)

/** Programs that introspect and exchange tokens, kept by administrators (api.md, "Service clients"). */
export function serviceClientRoutes(app: App, deps: ServiceClientDeps & CallerDeps): void {
  const config = { policy: 'admin' } as const

  app.post(
    '/v1/service-clients',
    {
      config,
      schema: { querystring: NoQuery, body: CreateServiceClientBody, response: { 201: ServiceClientWithSecret } }
    },
    async (request, reply) => {
      const client = await createServiceClient(deps, callerOf(deps, request), request.body)
      return reply.code(201).header('cache-control', 'no-store').send(client)
    }
  )

  app.get(
    '/v1/service-clients',
    { config, schema: { querystring: Pages, response: { 200: ServiceClientPage } } },
    async (request) => listServiceClients(deps, request.query)
  )

  app.post(
    '/v1/service-clients/:id/rotate',
    {
      config,
      schema: { params: IdParams, querystring: NoQuery, body: NoFields, response: { 200: ServiceClientWithSecret } }
    },
    async (request, reply) => {
      const client = await rotateServiceClient(deps, request.params.id, callerOf(deps, request))
      return reply.header('cache-control', 'no-store').send(client)
    }
  )

  app.delete(
    '/v1/service-clients/:id',
    { config, schema: { params: IdParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deleteServiceClient(deps, request.params.id, callerOf(deps, request))
      return reply.code(204).send(null)
    }
  )
}
