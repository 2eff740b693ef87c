import { createOperationsApp, explainFailure, reloadOnSignal, shutDownOnSignal } from '@patgate/service-kit'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { openDeps } from './deps.ts'

explainFailure('gateway')
const config = readConfig()
const deps = await openDeps(config)
const app = await buildApp({ config, deps })
const { holder } = deps
const operations = await createOperationsApp(
  { lease: () => holder.lease.isLive(), clock: holder.isClockRight },
  deps.metrics.process
)

reloadOnSignal({ live: deps.patgateFile, path: config.patgateFile, logger: deps.logger, metrics: deps.metrics.process })
shutDownOnSignal(
  [
    { name: 'finish requests', limitMs: 10_000, run: () => app.close() },
    { name: 'ship events, close dependencies', limitMs: 8_000, run: () => deps.close() },
    { name: 'close operations', limitMs: 1_000, run: () => operations.close() }
  ],
  deps.logger
)

await operations.listen({ host: config.host, port: config.operationsPort })
await app.forwardAuth.open()
if (config.console !== null) await app.console?.listen({ host: config.host, port: config.console.port })
await app.listen({ host: config.host, port: config.port })
deps.logger.info({ port: config.port }, 'the gateway listens')
