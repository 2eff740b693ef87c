import {
  AuditEvent,
  AuditStats,
  CheckpointBody,
  DeadLetterBody,
  WebhookBody,
  WebhookFilter,
  WebhookWithSecret
} from '@patgate/contracts'
import { type App, describeApi } from '@patgate/service-kit'
import { OPERATIONS } from './operations.ts'

const SCHEMAS = {
  AuditCheckpoint: CheckpointBody,
  AuditEvent,
  AuditStats,
  DeadLetter: DeadLetterBody,
  Webhook: WebhookBody,
  WebhookFilter,
  WebhookWithSecret
}

const DESCRIPTION = 'The audit log: found, followed, counted, exported, proved, and sent to other systems.'

/** To be called before any route is declared. The gateway shows this together with the other services' descriptions. */
export function describeAuditApi(app: App): Promise<void> {
  const title = 'patgate: the audit log'
  return describeApi(app, {
    title,
    description: DESCRIPTION,
    version: '1',
    operations: OPERATIONS,
    schemas: SCHEMAS,
    doChangesWait: false
  })
}
