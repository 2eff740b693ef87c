import {
  type App,
  createApp,
  createLogger,
  createMetrics,
  type Metrics,
  type PolicyEnforcement
} from '@patgate/service-kit'
import { type CapturedLogs, captureLogs, type Teardown } from '@patgate/test-kit'

export interface TestApp {
  readonly app: App
  readonly logs: CapturedLogs
  readonly metrics: Metrics
}

/** The production builder with captured logs, closed with the test. */
export async function openApp(t: Teardown, enforcement: PolicyEnforcement = { public: null }): Promise<TestApp> {
  const logs = captureLogs()
  const metrics = createMetrics()
  const app = await createApp({
    logger: createLogger('test', 'info', logs.stream),
    enforcement,
    metrics,
    bodyLimit: 1024
  })
  t.teardown(() => app.close())
  return { app, logs, metrics }
}
