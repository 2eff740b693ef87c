import type { WebhookWithSecret } from '@patgate/contracts'
import { newSigningSecret, type WebhookSecrets } from './secrets.ts'
import { bodyOf, findWebhook, type WebhookRow } from './webhook.ts'
import type { WebhookDeps } from './webhook-deps.ts'

const BOTH_SIGN_FOR_MS = 24 * 60 * 60 * 1_000

/** Gives a webhook a new secret. The one before signs beside it for a day, while the receiver changes over. */
export async function rotateWebhookSecret(deps: WebhookDeps, webhook: WebhookRow): Promise<WebhookWithSecret> {
  const { database, clock, secretBox } = deps
  const { id } = webhook
  const nowMs = clock.now()
  const secret = newSigningSecret()
  const { signing, headers } = openOrForget(deps, webhook)
  const until = new Date(nowMs + BOTH_SIGN_FOR_MS).toISOString()
  const former = signing.slice(0, 1).map((entry) => ({ ...entry, until }))
  const sealed = secretBox.seal(id, { signing: [{ secret, until: null }, ...former], headers })
  await database
    .updateTable('webhooks')
    .set({ sealed, header_names: Object.keys(headers), updated_at: new Date(nowMs), failures_in_a_row: 0 })
    .where('id', '=', id)
    .execute()
  await deps.webhookQueue.startAnew(id)
  return { ...bodyOf(await findWebhook(database, id)), secret }
}

/** Where the key that sealed them is gone, there is nothing left of them. */
function openOrForget({ secretBox }: WebhookDeps, { id, sealed }: WebhookRow): WebhookSecrets {
  try {
    return secretBox.open(id, sealed)
  } catch {
    return { signing: [], headers: {} }
  }
}
