import { Id, type WebhookPage } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import { Compile } from 'typebox/compile'
import type { AuditDatabase } from '../database/schema.ts'
import { bodyOf, selectWebhooks } from './webhook.ts'

const DEFAULT_LIMIT = 20
const cursorShape = Compile(Id)

/** All webhooks, the oldest first. */
export async function listWebhooks(
  { database }: { readonly database: Kysely<AuditDatabase> },
  { limit = DEFAULT_LIMIT, cursor }: { limit?: number; cursor?: string }
): Promise<WebhookPage> {
  if (cursor !== undefined && !cursorShape.Check(cursor)) throw invalidField('/cursor', 'is not a cursor of this list')
  const rows = await selectWebhooks(database)
    .$if(cursor !== undefined, (query) => query.where('id', '>', cursor ?? ''))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit).map(bodyOf)
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}
