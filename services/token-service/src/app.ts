import { type App, createApp, serveDescription } from '@patgate/service-kit'
import { enforceOnArrival } from './authentication/enforce-on-arrival.ts'
import { policyEnforcement } from './authentication/enforcement.ts'
import { registerSessionJwt } from './authentication/session-jwt.ts'
import { acceptImpatience } from './changes/patience.ts'
import type { Deps } from './deps.ts'
import { describeControlApi } from './openapi/describe-control-api.ts'
import { botRoutes } from './routes/bots.ts'
import { entityTypeRoutes } from './routes/entity-types.ts'
import { explainRoutes } from './routes/explain.ts'
import { gatewayRoutes } from './routes/gateways.ts'
import { groupRoutes } from './routes/groups.ts'
import { oidcRoutes } from './routes/oidc.ts'
import { policyRoutes } from './routes/policy.ts'
import { refuseOtherMethods } from './routes/refuse-other-methods.ts'
import { serviceClientCalls } from './routes/service-client-calls.ts'
import { serviceClientRoutes } from './routes/service-clients.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { jwksRoutes } from './routes/signing-keys.ts'
import { tokenGroupRoutes } from './routes/token-groups.ts'
import { tokenLeakRoutes } from './routes/token-leaks.ts'
import { tokenScopeRoutes } from './routes/token-scopes.ts'
import { tokenSelfRoutes } from './routes/token-self.ts'
import { tokenStatusRoutes } from './routes/token-status.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { usageRoutes } from './routes/usage.ts'
import { userRoutes } from './routes/users.ts'
import { refuseUnstorableText } from './text/storable-text.ts'

/** The control API, as the gateway's front door passes it on (api.md). */
export async function buildApp(deps: Deps): Promise<App> {
  const enforcement = policyEnforcement(deps)
  const app = await createApp({ logger: deps.logger, metrics: deps.metrics, enforcement })
  app.decorateRequest('principal', null)
  await registerSessionJwt(app, deps.sessionKey)
  await describeControlApi(app)

  // Hooks hold for the routes that come after them, and the methods that are left can be told only at the end.
  enforceOnArrival(app, enforcement)
  refuseUnstorableText(app)
  acceptImpatience(app)
  signInRoutes(app, deps)
  sessionRoutes(app, deps)
  oidcRoutes(app, deps)
  tokenRoutes(app, deps)
  tokenStatusRoutes(app, deps)
  tokenScopeRoutes(app, deps)
  tokenSelfRoutes(app, deps)
  tokenLeakRoutes(app, deps)
  tokenGroupRoutes(app, deps)
  usageRoutes(app, deps)
  groupRoutes(app, deps)
  botRoutes(app, deps)
  userRoutes(app, deps)
  policyRoutes(app, deps)
  serviceClientRoutes(app, deps)
  entityTypeRoutes(app, deps)
  gatewayRoutes(app, deps)
  explainRoutes(app, deps)
  await serviceClientCalls(app, deps)
  jwksRoutes(app, deps)
  serveDescription(app)
  refuseOtherMethods(app)
  return app
}
