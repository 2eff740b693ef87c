import { IdParams, TokenExposure, TokenUsage, UsageQuery } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { sessionOf } from '../authentication/enforcement.ts'
import type { UsageDeps } from '../usage/read-uses.ts'
import { tokenExposure } from '../usage/token-exposure.ts'
import { tokenUsage } from '../usage/token-usage.ts'

const DEFAULT_DAYS = 30

/** What tokens did, for whoever may see them (api.md, "Tokens"). */
export function usageRoutes(app: App, deps: UsageDeps): void {
  const config = { policy: 'session' } as const

  app.get(
    '/v1/tokens/:id/usage',
    { config, schema: { params: IdParams, querystring: UsageQuery, response: { 200: TokenUsage } } },
    async (request) => {
      const { days = DEFAULT_DAYS } = request.query
      return tokenUsage(deps, { id: request.params.id, days }, sessionOf(request))
    }
  )

  app.get(
    '/v1/tokens/:id/exposure',
    { config, schema: { params: IdParams, querystring: UsageQuery, response: { 200: TokenExposure } } },
    async (request) => {
      const { days = DEFAULT_DAYS } = request.query
      return tokenExposure(deps, { id: request.params.id, days }, sessionOf(request))
    }
  )
}
