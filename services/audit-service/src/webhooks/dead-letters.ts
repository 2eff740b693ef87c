import type { DeadLetterPage } from '@patgate/contracts'
import { Fault, invalidField } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import { findWebhook } from './webhook.ts'
import type { WebhookDeps } from './webhook-deps.ts'

const DEFAULT_LIMIT = 20

/** Events that were given up, the newest in the log first. */
export async function listDeadLetters(
  { database }: { readonly database: Kysely<AuditDatabase> },
  webhookId: string,
  { limit = DEFAULT_LIMIT, cursor }: { limit?: number; cursor?: string }
): Promise<DeadLetterPage> {
  await findWebhook(database, webhookId)
  const rows = await database
    .selectFrom('webhook_deliveries as letters')
    .leftJoin('audit_events as events', 'events.leaf_index', 'letters.leaf_index')
    .select(['letters.leaf_index', 'event_id', 'attempts', 'failed_at', 'failure', 'event'])
    .where('webhook_id', '=', webhookId)
    .where('state', '=', 'dead')
    .where('letters.leaf_index', '<', leafBefore(cursor))
    .orderBy('letters.leaf_index', 'desc')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(({ event_id, event, attempts, failed_at, failure }) => ({
      event_id,
      event_type: event?.type ?? null,
      event_time: event?.time ?? null,
      attempts,
      failed_at: failed_at.toISOString(),
      failure
    })),
    next_cursor: rows.length > limit && last !== undefined ? String(last.leaf_index) : null
  }
}

/** Sends one of them again now, and then as often as any other. Throws `not_found`. */
export async function retryDeadLetter(
  { database, webhookQueue }: Pick<WebhookDeps, 'database' | 'webhookQueue'>,
  webhookId: string,
  eventId: string
): Promise<void> {
  const row = await database
    .updateTable('webhook_deliveries')
    .set({ state: 'retrying', attempts: 0 })
    .where('webhook_id', '=', webhookId)
    .where('event_id', '=', eventId)
    .where('state', '=', 'dead')
    .returning('leaf_index')
    .executeTakeFirst()
  if (row === undefined) throw notFound()
  await webhookQueue.sendAgain(webhookId, row.leaf_index, 0)
}

/** Forgets one of them. Throws `not_found`. */
export async function discardDeadLetter(
  { database }: { readonly database: Kysely<AuditDatabase> },
  webhookId: string,
  eventId: string
): Promise<void> {
  const { numDeletedRows } = await database
    .deleteFrom('webhook_deliveries')
    .where('webhook_id', '=', webhookId)
    .where('event_id', '=', eventId)
    .where('state', '=', 'dead')
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) throw notFound()
}

function notFound(): Fault {
  return new Fault('not_found', { detail: 'There is no such dead letter' })
}

function leafBefore(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER
  if (!/^[0-9]{1,15}$/.test(cursor)) throw invalidField('/cursor', 'is not a cursor of this list')
  return Number(cursor)
}
