import { createLogger, explainFailure, shutDownOnSignal } from '@patgate/service-kit'
import { readConfig } from './config.ts'
import { startService } from './service.ts'

explainFailure('audit-service')
const config = readConfig()
const logger = createLogger('audit-service', config.logLevel)
const service = await startService({ config, logger })
shutDownOnSignal(service.phases, logger)
logger.info({ url: service.url, operations_url: service.operationsUrl }, 'listening')
