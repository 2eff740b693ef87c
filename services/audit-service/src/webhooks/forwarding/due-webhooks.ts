import { type Kysely, sql } from 'kysely'
import type { AuditDatabase } from '../../database/schema.ts'

const MOST_RETRYING = 1_000
const PAUSED_AFTER_FAILURES = 10

/**
 * Webhooks for which there is something to do. A receiver of single events that failed so often in a row gets only what is
 * sent again to it, until something arrives: the log waits better than Redis.
 */
export async function dueWebhooks(database: Kysely<AuditDatabase>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from webhooks
    cross join lateral (
      select count(*) as retrying from (
        select from webhook_deliveries where webhook_id = webhooks.id and state = 'retrying' limit ${sql.lit(MOST_RETRYING)}
      ) as waiting
    ) as deliveries
    where enabled
      and next_leaf < (select size from audit_head)
      and (
        kind <> 'webhook' or retrying = 0
        or (retrying < ${sql.lit(MOST_RETRYING)} and failures_in_a_row < ${sql.lit(PAUSED_AFTER_FAILURES)})
      )
  `.execute(database)
  return rows.map(({ id }) => id)
}

export interface WaitingDelivery {
  readonly webhook_id: string
  readonly leaf_index: number
  readonly attempts: number
}

/** Everything that waits to be sent again, in case Redis has lost it. */
export function waitingDeliveries(database: Kysely<AuditDatabase>): Promise<WaitingDelivery[]> {
  return database
    .selectFrom('webhook_deliveries')
    .innerJoin('webhooks', 'webhooks.id', 'webhook_id')
    .select(['webhook_id', 'leaf_index', 'attempts'])
    .where('state', '=', 'retrying')
    .where('enabled', '=', true)
    .execute()
}
