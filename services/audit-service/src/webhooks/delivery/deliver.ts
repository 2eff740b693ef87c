import type { AuditEvent, WebhookKind } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import type { Dispatcher } from 'undici'
import type { WebhookSecrets } from '../secrets.ts'
import type { Target } from '../targets/target.ts'
import type { TargetPolicy } from '../targets/target-policy.ts'
import { deliverNdjson } from './deliver-ndjson.ts'
import { deliverSyslog } from './deliver-syslog.ts'
import { deliverWebhook } from './deliver-webhook.ts'

/** Events on their way to a receiver. */
export interface Delivery {
  readonly target: Target
  readonly secrets: WebhookSecrets
  /** In the order of the log; a `webhook` takes one at a time. */
  readonly events: readonly AuditEvent[]
  readonly signal: AbortSignal
}

export interface DeliverDeps {
  readonly clock: Clock
  readonly dispatcher: Dispatcher
  readonly targets: TargetPolicy
}

/** Resolves when the receiver has them all; throws `DeliveryFailure` when it may not. */
export type Deliver = (deps: DeliverDeps, delivery: Delivery) => Promise<void>

export const DELIVER: Readonly<Record<WebhookKind, Deliver>> = {
  webhook: deliverWebhook,
  ndjson: deliverNdjson,
  syslog: deliverSyslog
}
