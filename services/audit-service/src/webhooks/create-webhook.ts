import type { CreateWebhookBody, WebhookWithSecret } from '@patgate/contracts'
import { v7 as uuidv7 } from 'uuid'
import type { Caller } from '../auth/caller.ts'
import { logSize } from '../checkpoints/published.ts'
import { assertTarget } from './assert-target.ts'
import { checkedHeaders } from './headers.ts'
import { newSigningSecret } from './secrets.ts'
import { bodyOf, findWebhook } from './webhook.ts'
import type { WebhookDeps } from './webhook-deps.ts'

/** A webhook that is checked and not yet there: its id is known, so that its creation can be recorded before. */
export interface PlannedWebhook {
  readonly id: string
  create(): Promise<WebhookWithSecret>
}

export async function planWebhook(deps: WebhookDeps, caller: Caller, body: CreateWebhookBody): Promise<PlannedWebhook> {
  const { database, clock, secretBox, targets } = deps
  const { name, kind = 'webhook', url, filter = {}, headers = {}, enabled = true, start = 'now' } = body
  await assertTarget(targets, kind, url)
  const checked = checkedHeaders(kind, headers)
  const now = new Date(clock.now())
  const id = uuidv7({ msecs: now.getTime() })
  return {
    id,
    async create() {
      const secret = kind === 'webhook' ? newSigningSecret() : null
      const signing = secret === null ? [] : [{ secret, until: null }]
      await database
        .insertInto('webhooks')
        .values({
          id,
          name,
          kind,
          url,
          filter: JSON.stringify(filter),
          header_names: Object.keys(checked),
          sealed: secretBox.seal(id, { signing, headers: checked }),
          enabled,
          created_at: now,
          created_by: caller.id,
          updated_at: now,
          next_leaf: start === 'now' ? await logSize(database) : 0
        })
        .execute()
      return { ...bodyOf(await findWebhook(database, id)), secret }
    }
  }
}
