import type { Clock } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import type { WebhookQueue } from './forwarding/webhook-queue.ts'
import type { SecretBox } from './secrets.ts'
import type { TargetPolicy } from './targets/target-policy.ts'

/** What the calls about webhooks need. */
export interface WebhookDeps {
  readonly database: Kysely<AuditDatabase>
  readonly clock: Clock
  readonly secretBox: SecretBox
  readonly targets: TargetPolicy
  readonly webhookQueue: WebhookQueue
}
