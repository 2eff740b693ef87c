import {
  createLogger,
  createOperationsApp,
  explainFailure,
  reloadOnSignal,
  shutDownOnSignal
} from '@patgate/service-kit'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { openDeps } from './deps.ts'
import { buildInternalApp } from './internal-app.ts'
import { buildOpsChecks } from './ops-checks.ts'

explainFailure('token-service')
const config = readConfig()
const logger = createLogger('token-service', config.logLevel)
const deps = await openDeps(config, logger)
const app = await buildApp(deps)
const internalApp = await buildInternalApp(deps)
const operationsApp = await createOperationsApp(buildOpsChecks(deps), deps.metrics)

const { host } = config
const [url, internalUrl, operationsUrl] = await Promise.all([
  app.listen({ host, port: config.port }),
  internalApp.listen({ host, port: config.internalPort }),
  operationsApp.listen({ host, port: config.operationsPort })
])
logger.info({ url, internal_url: internalUrl, operations_url: operationsUrl }, 'listening')

reloadOnSignal({ live: deps.patgateFile, path: config.patgateFile, logger, metrics: deps.metrics })
shutDownOnSignal(
  [
    { name: 'finish requests', limitMs: 10_000, run: () => Promise.all([app.close(), internalApp.close()]) },
    { name: 'close the servers', limitMs: 8_000, run: () => deps.close() },
    { name: 'stop answering health checks', limitMs: 1_000, run: () => operationsApp.close() }
  ],
  logger
)
