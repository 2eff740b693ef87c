import type { AuditEvent } from '@patgate/contracts'
import { DELIVER, type DeliverDeps } from '../delivery/deliver.ts'
import { DeliveryFailure } from '../delivery/delivery-failure.ts'
import type { SecretBox, WebhookSecrets } from '../secrets.ts'
import { parseTarget } from '../targets/target.ts'
import type { WebhookRow } from '../webhook.ts'

export interface SendDeps extends DeliverDeps {
  readonly secretBox: SecretBox
  /** The end of the service: what is on its way then is sent again later. */
  readonly signal: AbortSignal
}

/** Sends events as the webhook wants them. Answers the failure, or null when the receiver has them all. */
export async function send(
  deps: SendDeps,
  webhook: WebhookRow,
  events: readonly AuditEvent[]
): Promise<DeliveryFailure | null> {
  try {
    const delivery = { target: parseTarget(webhook.kind, webhook.url), secrets: openSecrets(deps, webhook) }
    await DELIVER[webhook.kind](deps, { ...delivery, events, signal: deps.signal })
    return null
  } catch (error) {
    deps.signal.throwIfAborted()
    if (error instanceof DeliveryFailure) return error
    throw error
  }
}

function openSecrets({ secretBox }: SendDeps, { id, sealed }: WebhookRow): WebhookSecrets {
  try {
    return secretBox.open(id, sealed)
  } catch (cause) {
    throw new DeliveryFailure('its secrets were sealed with a key that is not there any more: rotate them', { cause })
  }
}
