import { type App, createApp } from '@patgate/service-kit'
import { registerSessionJwt } from './authentication/session-jwt.ts'
import type { Deps } from './deps.ts'
import { leaseRoutes } from './routes/leases.ts'
import { resolveRoutes } from './routes/resolve.ts'
import { assertionKeyRoutes } from './routes/signing-keys.ts'

/** What other services of this installation ask, on a port that the front door never reaches (coherence.md). */
export async function buildInternalApp(deps: Deps): Promise<App> {
  const enforcement = { internal: deps.internalAccess.enforce }
  const app = await createApp({ logger: deps.logger, metrics: deps.metrics, enforcement })
  await registerSessionJwt(app, deps.sessionKey)

  resolveRoutes(app, deps)
  leaseRoutes(app, deps)
  assertionKeyRoutes(app, deps)
  return app
}
