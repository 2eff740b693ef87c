import type { WebhookBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { AuditDatabase, WebhooksTable } from '../database/schema.ts'

export type WebhookRow = Selectable<WebhooksTable>

/** A row with what is counted about it. */
export type CountedWebhook = WebhookRow & {
  readonly behind: number
  readonly retrying: number
  readonly dead_letters: number
}

/** Webhooks as administrators see them, to be narrowed. */
export function selectWebhooks(database: Kysely<AuditDatabase>) {
  const inState = (state: 'retrying' | 'dead') =>
    sql<number>`(select count(*) from webhook_deliveries where webhook_id = webhooks.id and state = ${sql.lit(state)})`
  return database
    .selectFrom('webhooks')
    .selectAll()
    .select([
      sql<number>`greatest((select size from audit_head) - next_leaf, 0)`.as('behind'),
      inState('retrying').as('retrying'),
      inState('dead').as('dead_letters')
    ])
}

/** One webhook. Throws `not_found`. */
export async function findWebhook(database: Kysely<AuditDatabase>, id: string): Promise<CountedWebhook> {
  const row = await selectWebhooks(database).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new Fault('not_found', { detail: 'There is no such webhook' })
  return row
}

export function bodyOf(row: CountedWebhook): WebhookBody {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    url: row.url,
    filter: row.filter,
    headers: row.header_names,
    enabled: row.enabled,
    disabled_reason: row.disabled_reason,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    updated_at: row.updated_at.toISOString(),
    behind: row.behind,
    retrying: row.retrying,
    dead_letters: row.dead_letters,
    last_delivered_at: row.last_delivered_at?.toISOString() ?? null,
    last_failed_at: row.last_failed_at?.toISOString() ?? null,
    last_failure: row.last_failure
  }
}
