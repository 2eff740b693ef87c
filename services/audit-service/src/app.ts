import { type App, createApp, type Logger, type Metrics, serveDescription } from '@patgate/service-kit'
import type { SessionResolver } from './auth/resolve-session.ts'
import { adminPolicy, sessionPolicy } from './auth/session-policy.ts'
import { type CheckpointRoutesDeps, registerCheckpointRoutes } from './checkpoints/routes.ts'
import { type EventRoutesDeps, registerEventRoutes } from './events/routes.ts'
import { type ExportRoutesDeps, registerExportRoutes } from './export/routes.ts'
import { describeAuditApi } from './openapi/describe-audit-api.ts'
import { type ProofRoutesDeps, registerProofRoutes } from './proofs/routes.ts'
import { registerStatsRoutes, type StatsRoutesDeps } from './stats/routes.ts'
import { registerTailRoutes, type TailRoutesDeps } from './tail/routes.ts'
import { registerDeadLetterRoutes } from './webhooks/dead-letter-routes.ts'
import { registerWebhookRoutes, type WebhookRoutesDeps } from './webhooks/routes.ts'

export interface AppDeps
  extends EventRoutesDeps,
    StatsRoutesDeps,
    TailRoutesDeps,
    CheckpointRoutesDeps,
    ProofRoutesDeps,
    ExportRoutesDeps,
    WebhookRoutesDeps {
  readonly sessions: SessionResolver
  readonly logger: Logger
  readonly httpMetrics: Metrics
}

/** The audit service's API, the same for production and tests. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const enforcement = {
    public: null,
    session: sessionPolicy(deps),
    admin: adminPolicy(deps)
  }
  const app = await createApp({ logger: deps.logger, enforcement, metrics: deps.httpMetrics })
  await describeAuditApi(app)
  // Before the first route: a request is given its `caller` before any hook can set it.
  app.decorateRequest('caller', null)
  registerEventRoutes(app, deps)
  registerStatsRoutes(app, deps)
  registerTailRoutes(app, deps)
  registerProofRoutes(app, deps)
  registerCheckpointRoutes(app, deps)
  registerExportRoutes(app, deps)
  registerWebhookRoutes(app, deps)
  registerDeadLetterRoutes(app, deps)
  serveDescription(app)
  return app
}
