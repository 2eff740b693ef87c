export { type App, type AppOptions, BODY_LIMIT_BYTES, createApp } from './app.ts'
export { answerOnSocket } from './client-error.ts'
export { type Clock, systemClock } from './clock.ts'
export { assertFromConsole, consoleCookieName, sessionInCookie } from './console-cookie.ts'
export {
  address,
  bool,
  ConfigurationError,
  durationMs,
  durationsMs,
  networks,
  origin,
  port,
  readEnvironment,
  secrets,
  str
} from './environment.ts'
export { explainFailure, failureText } from './explain-failure.ts'
export { Fault, type FaultOptions, invalidField } from './fault.ts'
export { type InternalAccess, internalAccess } from './internal-access.ts'
export { createLogger, type Logger, redactSecrets } from './logger.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { type ApiDescription, apiDocument, describeApi } from './openapi/api-description.ts'
export type { OperationDoc, OperationDocs } from './openapi/operation-doc.ts'
export { serveDescription } from './openapi/serve-description.ts'
export { createOperationsApp, type ReadinessChecks } from './operations-app.ts'
export { LivePatgateFile } from './patgate-yaml/live-patgate-file.ts'
export { longestGrace } from './patgate-yaml/longest-grace.ts'
export { loadPatgateFile, parsePatgateFile } from './patgate-yaml/parse-patgate-file.ts'
export type {
  AuditMode,
  ChannelRules,
  CredentialRules,
  CredentialSource,
  EntitySource,
  GraphqlOperations,
  GraphqlOperationType,
  GraphqlRules,
  GroupSource,
  OperationRules,
  PatgateFile,
  ProtectedAccess,
  Rewrite,
  RouteAccess,
  RouteDefaults,
  RouteMethod,
  RouteRule,
  Upstream
} from './patgate-yaml/patgate-file.ts'
export { ROUTE_METHODS } from './patgate-yaml/patgate-file.ts'
export {
  createReload,
  type ReloadOptions,
  type ReloadOutcome,
  reloadOnSignal
} from './patgate-yaml/reload-patgate-file.ts'
export { isReservedPath, type RoutePattern, type Segment } from './patgate-yaml/route-pattern.ts'
export { isOutage, type ProblemAnswer, statusOf, toFault, toProblem } from './problem.ts'
export { type DeclaredPolicy, type PolicyEnforcement, type RoutePolicy, routePolicies } from './route-policy.ts'
export {
  type Canonicalisation,
  type CanonicalTarget,
  canonicalise,
  type TargetRejection
} from './routing/canonical-target.ts'
export { type Place, type ProtectedRoute, readProtectedRoute } from './routing/protected-route.ts'
export { buildRouteTree, type Match, type RouteTree } from './routing/route-tree.ts'
export {
  count,
  databaseEnvironment,
  type ServiceSettings,
  serviceEnvironment,
  serviceSettings,
  tokenPrefix
} from './service-environment.ts'
export { runPhases, type ShutdownPhase, shutDownOnSignal } from './shutdown.ts'
