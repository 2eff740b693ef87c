import { ExplainBody, Explanation } from '@patgate/contracts'
import type { App, LivePatgateFile } from '@patgate/service-kit'
import { askerOf } from '../authentication/enforcement.ts'
import { type ExplainDeps, explain } from '../explain/explain.ts'
import { explainedRoutes } from '../explain/question.ts'
import { NoQuery } from './schemas.ts'

/** What a token may do, and why not (api.md, "Decisions"). */
export function explainRoutes(app: App, deps: ExplainDeps & { readonly patgateFile: LivePatgateFile }): void {
  const routes = deps.patgateFile.derive((file) => explainedRoutes(file.routes))

  app.post(
    '/v1/explain',
    {
      config: { policy: 'token_or_session' },
      schema: { querystring: NoQuery, body: ExplainBody, response: { 200: Explanation } }
    },
    async (request, reply) => {
      const explanation = await explain(deps, { body: request.body, asker: askerOf(request), routes: routes() })
      return reply.header('cache-control', 'no-store').send(explanation)
    }
  )
}
