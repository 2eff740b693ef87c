import type { WebhookRow } from '../webhook.ts'
import { pauseAfter, RunAgain } from './backoff.ts'
import { moveOn, noteFailure, type OutcomeDeps, type Undelivered } from './outcomes.ts'
import { type NextEvents, readNext } from './read-next.ts'
import { type SendDeps, send } from './send.ts'

export type ForwardBatchesDeps = SendDeps & OutcomeDeps

const EVENTS_AT_ONCE = 500

/**
 * Sends the next events together and in order. A receiver that is away is waited for, however long: the log itself is the
 * queue. What it refuses is sent in ever smaller parts, until the event that it does not want is alone and given up.
 * Answers whether there is more to do; throws `RunAgain` while the receiver is away.
 */
export async function forwardBatches(deps: ForwardBatchesDeps, webhook: WebhookRow): Promise<boolean> {
  const { rows, end, isMore } = await readNext(deps.database, webhook, EVENTS_AT_ONCE)
  if (end === webhook.next_leaf) return false
  const undelivered = rows.length === 0 ? [] : await sendOrSplit(deps, webhook, rows)
  const delivered = rows.length - undelivered.length
  await moveOn(deps, webhook.id, { nextLeaf: end, delivered, undelivered, state: 'dead' })
  return isMore
}

async function sendOrSplit(
  deps: ForwardBatchesDeps,
  webhook: WebhookRow,
  rows: NextEvents['rows']
): Promise<Undelivered[]> {
  const failure = await send(
    deps,
    webhook,
    rows.map(({ event }) => event)
  )
  if (failure === null) return []
  if (!failure.isRefusal) {
    const failures = await noteFailure(deps, webhook.id, failure)
    throw new RunAgain(pauseAfter(failures), failure)
  }
  const [only] = rows
  if (only !== undefined && rows.length === 1) {
    return [{ leafIndex: only.leaf_index, eventId: only.event.id, failure }]
  }
  const middle = rows.length >> 1
  const first = await sendOrSplit(deps, webhook, rows.slice(0, middle))
  return [...first, ...(await sendOrSplit(deps, webhook, rows.slice(middle)))]
}
