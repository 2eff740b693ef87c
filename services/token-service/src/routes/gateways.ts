import { closed, GatewayPage, PageQuery } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { type ListGatewaysDeps, listGateways } from '../coherence/list-gateways.ts'

/** Which gateways there are, and how far each has come (api.md, `GET /v1/gateways`). */
export function gatewayRoutes(app: App, deps: ListGatewaysDeps): void {
  app.get(
    '/v1/gateways',
    { config: { policy: 'admin' }, schema: { querystring: closed(PageQuery), response: { 200: GatewayPage } } },
    async ({ query }) => listGateways(deps, query)
  )
}
