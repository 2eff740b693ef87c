import type { WebhookRow } from '../webhook.ts'
import { moveOn, type OutcomeDeps, type Undelivered } from './outcomes.ts'
import { type NextEvents, readNext } from './read-next.ts'
import { type SendDeps, send } from './send.ts'

export interface ForwardDeps extends SendDeps, OutcomeDeps {
  /** Sees to it that an event is sent again. */
  readonly sendAgain: (webhookId: string, leafIndex: number, attempts: number) => Promise<void>
}

const EVENTS_AT_ONCE = 32
const SIDE_BY_SIDE = 8

/**
 * Sends the next events one by one, several side by side. One that fails is kept to be sent again, and does not hold up
 * those behind it. Answers whether there is more to do.
 */
export async function forwardEach(deps: ForwardDeps, webhook: WebhookRow): Promise<boolean> {
  const { rows, end, isMore } = await readNext(deps.database, webhook, EVENTS_AT_ONCE)
  if (end === webhook.next_leaf) return false
  const undelivered: Undelivered[] = []
  for (let from = 0; from < rows.length; from += SIDE_BY_SIDE) {
    const sent = await Promise.all(rows.slice(from, from + SIDE_BY_SIDE).map((row) => sendOne(deps, webhook, row)))
    undelivered.push(...sent.filter((failed) => failed !== null))
  }
  const delivered = rows.length - undelivered.length
  await moveOn(deps, webhook.id, { nextLeaf: end, delivered, undelivered, state: 'retrying' })
  for (const { leafIndex } of undelivered) await deps.sendAgain(webhook.id, leafIndex, 1)
  return isMore && undelivered.length === 0
}

async function sendOne(
  deps: SendDeps,
  webhook: WebhookRow,
  { leaf_index, event }: NextEvents['rows'][number]
): Promise<Undelivered | null> {
  const failure = await send(deps, webhook, [event])
  return failure === null ? null : { leafIndex: leaf_index, eventId: event.id, failure }
}
