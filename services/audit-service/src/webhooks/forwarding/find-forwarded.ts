import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../../database/schema.ts'
import type { WebhookRow } from '../webhook.ts'

/** The webhook as it is now; null when it is switched off, or no more. */
export async function findForwarded(database: Kysely<AuditDatabase>, id: string): Promise<WebhookRow | null> {
  const row = await database
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', id)
    .where('enabled', '=', true)
    .executeTakeFirst()
  return row ?? null
}
