export { type App, type AppOptions, createApp } from './app.ts'
export { type Clock, systemClock } from './clock.ts'
export {
  address,
  bool,
  ConfigurationError,
  durationMs,
  networks,
  num,
  port,
  readEnvironment,
  secrets,
  str
} from './environment.ts'
export { Fault, type FaultOptions, invalidField } from './fault.ts'
export { type InternalAccess, internalAccess } from './internal-access.ts'
export { createLogger, type Logger, redactSecrets } from './logger.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { createOperationsApp, type ReadinessChecks } from './operations-app.ts'
export { isOutage, type ProblemAnswer, toFault, toProblem } from './problem.ts'
export { type DeclaredPolicy, type PolicyEnforcement, type RoutePolicy, routePolicies } from './route-policy.ts'
export { runPhases, type ShutdownPhase, shutDownOnSignal } from './shutdown.ts'
