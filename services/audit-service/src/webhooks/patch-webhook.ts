import type { PatchWebhookBody, WebhookBody } from '@patgate/contracts'
import { assertTarget } from './assert-target.ts'
import { checkedHeaders } from './headers.ts'
import { bodyOf, findWebhook, type WebhookRow } from './webhook.ts'
import type { WebhookDeps } from './webhook-deps.ts'

/** Checks a change of a webhook against what it is now. Throws `invalid_request` for what cannot be. */
export async function checkPatch(deps: WebhookDeps, webhook: WebhookRow, body: PatchWebhookBody): Promise<void> {
  if (body.url !== undefined) await assertTarget(deps.targets, webhook.kind, body.url)
  if (body.headers !== undefined) checkedHeaders(webhook.kind, body.headers)
}

/** Changes a webhook; whatever it was waiting for after failures is tried anew. */
export async function patchWebhook(
  deps: WebhookDeps,
  webhook: WebhookRow,
  { name, url, filter, headers, enabled }: PatchWebhookBody
): Promise<WebhookBody> {
  const { database, clock } = deps
  await database
    .updateTable('webhooks')
    .set({
      updated_at: new Date(clock.now()),
      failures_in_a_row: 0,
      ...(name === undefined ? {} : { name }),
      ...(url === undefined ? {} : { url }),
      ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
      ...(headers === undefined ? {} : sealedHeaders(deps, webhook, headers)),
      ...(enabled === undefined ? {} : { enabled, disabled_reason: null })
    })
    .where('id', '=', webhook.id)
    .execute()
  await deps.webhookQueue.startAnew(webhook.id)
  return bodyOf(await findWebhook(database, webhook.id))
}

function sealedHeaders({ secretBox }: WebhookDeps, { id, kind, sealed }: WebhookRow, headers: Record<string, string>) {
  const checked = checkedHeaders(kind, headers)
  const { signing } = secretBox.open(id, sealed)
  return { header_names: Object.keys(checked), sealed: secretBox.seal(id, { signing, headers: checked }) }
}
