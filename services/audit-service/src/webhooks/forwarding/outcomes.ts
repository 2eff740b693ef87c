import type { Clock } from '@patgate/service-kit'
import { type Kysely, sql } from 'kysely'
import type { AuditDatabase } from '../../database/schema.ts'
import type { AuditMetrics } from '../../metrics.ts'
import type { DeliveryFailure } from '../delivery/delivery-failure.ts'

export interface OutcomeDeps {
  readonly database: Kysely<AuditDatabase>
  readonly clock: Clock
  readonly metrics: AuditMetrics
}

/** An event that did not arrive. */
export interface Undelivered {
  readonly leafIndex: number
  readonly eventId: string
  readonly failure: DeliveryFailure
}

/** Everything before `nextLeaf` has arrived, or is kept as undelivered: both in one transaction. */
export async function moveOn(
  { database, clock, metrics }: OutcomeDeps,
  id: string,
  passed: { nextLeaf: number; delivered: number; undelivered: readonly Undelivered[]; state: 'retrying' | 'dead' }
): Promise<void> {
  const { nextLeaf, delivered, undelivered, state } = passed
  await database.transaction().execute(async (transaction) => {
    await transaction.updateTable('webhooks').set({ next_leaf: nextLeaf }).where('id', '=', id).execute()
    if (delivered > 0) await noteSuccess({ database: transaction, clock }, id)
    for (const { leafIndex, eventId, failure } of undelivered) {
      const row = { state, attempts: 1, failed_at: new Date(clock.now()), failure: failure.message }
      await transaction
        .insertInto('webhook_deliveries')
        .values({ webhook_id: id, leaf_index: leafIndex, event_id: eventId, ...row })
        .onConflict((conflict) => conflict.columns(['webhook_id', 'leaf_index']).doUpdateSet(row))
        .execute()
      await noteFailure({ database: transaction, clock }, id, failure)
    }
  })
  metrics.webhookDeliveries.inc({ outcome: 'delivered' }, delivered)
  metrics.webhookDeliveries.inc({ outcome: state === 'dead' ? 'dead' : 'failed' }, undelivered.length)
}

type NoteDeps = Pick<OutcomeDeps, 'database' | 'clock'>

export async function noteSuccess({ database, clock }: NoteDeps, id: string): Promise<void> {
  const set = { failures_in_a_row: 0, last_delivered_at: new Date(clock.now()) }
  await database.updateTable('webhooks').set(set).where('id', '=', id).execute()
}

/** Counts a failure, and switches the webhook off where its receiver is gone. Answers how many there were in a row. */
export async function noteFailure(
  { database, clock }: NoteDeps,
  id: string,
  failure: DeliveryFailure
): Promise<number> {
  const off = failure.isGone ? { enabled: false, disabled_reason: 'the receiver answered 410: it wants no more' } : {}
  const row = await database
    .updateTable('webhooks')
    .set({
      failures_in_a_row: sql<number>`failures_in_a_row + 1`,
      last_failed_at: new Date(clock.now()),
      last_failure: failure.message,
      ...off
    })
    .where('id', '=', id)
    .returning('failures_in_a_row')
    .executeTakeFirst()
  return row?.failures_in_a_row ?? 1
}
