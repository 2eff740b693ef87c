import type { JsMsg } from '@patgate/event-bus'
import type { StoreDeps } from '../store/store-batch.ts'
import { type Arrival, type StoredOrParked, storeOrPark } from '../store/store-or-park.ts'
import { parseMessage } from './parse-message.ts'

/** What is read of a message; the bus acknowledges it when its events are committed. */
export interface IncomingMessage {
  readonly subject: string
  readonly data: Uint8Array
  readonly info: Pick<JsMsg['info'], 'pending'>
}

/** Stores the events of several messages together. Resolves when they are committed, throws when they must come again. */
export async function ingestMessages(deps: StoreDeps, messages: readonly IncomingMessage[]): Promise<StoredOrParked> {
  const parsed = messages.map(({ subject, data }) => parseMessage(subject, data))
  const arrivals = parsed.flatMap((message) => message.arrivals)
  const stored = await storeOrPark(deps, { arrivals, parked: parsed.flatMap(({ parked }) => parked) })
  observeLag(deps, arrivals)
  deps.metrics.messagesPending.set(messages.at(-1)?.info.pending ?? 0)
  return stored
}

function observeLag({ metrics, clock }: StoreDeps, arrivals: readonly Arrival[]): void {
  if (arrivals.length === 0) return
  const oldestMs = arrivals.reduce((oldest, { event }) => Math.min(oldest, Date.parse(event.time)), clock.now())
  metrics.lagSeconds.set((clock.now() - oldestMs) / 1000)
}
