import type { AuditEvent } from '@patgate/contracts'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../../database/schema.ts'
import { DeliveryFailure } from '../delivery/delivery-failure.ts'
import { RunAgain } from './backoff.ts'
import { findForwarded } from './find-forwarded.ts'
import { noteFailure, noteSuccess, type OutcomeDeps } from './outcomes.ts'
import { type SendDeps, send } from './send.ts'

export interface RetryDeps extends SendDeps, OutcomeDeps {
  /** How long to wait before each further attempt; after the last one an event is given up. */
  readonly retryDelaysMs: readonly number[]
}

/** Sends an event again. Throws `RunAgain` when it failed and may be tried once more; else it is done, or given up. */
export async function retryDelivery(deps: RetryDeps, webhookId: string, leafIndex: number): Promise<void> {
  const { database, metrics, retryDelaysMs } = deps
  const webhook = await findForwarded(database, webhookId)
  const waiting = await findWaiting(database, webhookId, leafIndex)
  if (webhook === null || waiting === null) return
  const { event, attempts } = waiting
  const failure = event === null ? removedByRetention() : await send(deps, webhook, [event])
  if (failure === null) {
    await database
      .deleteFrom('webhook_deliveries')
      .where('webhook_id', '=', webhookId)
      .where('leaf_index', '=', leafIndex)
      .execute()
    await noteSuccess(deps, webhookId)
    metrics.webhookDeliveries.inc({ outcome: 'delivered' })
    return
  }
  const delayMs = event === null ? undefined : retryDelaysMs[attempts]
  await noteAttempt(deps, { webhookId, leafIndex, attempts: attempts + 1, isLast: delayMs === undefined, failure })
  if (delayMs !== undefined) throw new RunAgain(delayMs, failure)
}

interface Waiting {
  readonly attempts: number
  /** Null where retention removed it meanwhile. */
  readonly event: AuditEvent | null
}

async function findWaiting(
  database: Kysely<AuditDatabase>,
  webhookId: string,
  leafIndex: number
): Promise<Waiting | null> {
  const row = await database
    .selectFrom('webhook_deliveries')
    .leftJoin('audit_events', 'audit_events.leaf_index', 'webhook_deliveries.leaf_index')
    .select(['attempts', 'event'])
    .where('webhook_id', '=', webhookId)
    .where('webhook_deliveries.leaf_index', '=', leafIndex)
    .where('state', '=', 'retrying')
    .executeTakeFirst()
  return row ?? null
}

interface Attempt {
  readonly webhookId: string
  readonly leafIndex: number
  readonly attempts: number
  readonly isLast: boolean
  readonly failure: DeliveryFailure
}

async function noteAttempt(deps: OutcomeDeps, { webhookId, leafIndex, isLast, failure, attempts }: Attempt) {
  const { database, clock, metrics } = deps
  await database
    .updateTable('webhook_deliveries')
    .set({
      attempts,
      failed_at: new Date(clock.now()),
      failure: failure.message,
      state: isLast ? 'dead' : 'retrying'
    })
    .where('webhook_id', '=', webhookId)
    .where('leaf_index', '=', leafIndex)
    .execute()
  await noteFailure(deps, webhookId, failure)
  metrics.webhookDeliveries.inc({ outcome: isLast ? 'dead' : 'failed' })
}

function removedByRetention(): DeliveryFailure {
  return new DeliveryFailure('retention removed the event before it could be sent')
}
