import { type App, createApp, type Logger, type Metrics } from '@patgate/service-kit'
import type { SessionResolver } from './auth/resolve-session.ts'
import { sessionPolicy } from './auth/session-policy.ts'
import { type EventRoutesDeps, registerEventRoutes } from './events/routes.ts'

export interface AppDeps extends EventRoutesDeps {
  readonly sessions: SessionResolver
  readonly logger: Logger
  readonly httpMetrics: Metrics
}

/** The audit service's API, the same for production and tests. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const enforcement = { session: sessionPolicy(deps.sessions) }
  const app = await createApp({ logger: deps.logger, enforcement, metrics: deps.httpMetrics })
  // Before the first route: a request is given its `caller` before any hook can set it.
  app.decorateRequest('caller', null)
  registerEventRoutes(app, deps)
  return app
}
