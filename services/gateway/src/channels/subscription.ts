import { formatTopic } from '@patgate/domain'
import type { AuditMode } from '@patgate/service-kit'
import type { ChannelEvents, OnChannel } from '../audit/channel-events.ts'
import type { ChannelAdmission } from './channel-admission.ts'
import type { Subscriber } from './channel-feed.ts'
import type { Form } from './channel-message.ts'
import type { Channels } from './channels.ts'

/** What is open before there is anybody to write to: messages wait here until there is. */
class Anteroom implements Subscriber {
  #waiting: Buffer[] | null = []
  #next: Subscriber | null = null

  write(bytes: Buffer): void {
    if (this.#next === null) this.#waiting?.push(bytes)
    else this.#next.write(bytes)
  }

  admit(next: Subscriber): void {
    const waiting = this.#waiting ?? []
    this.#next = next
    this.#waiting = null
    for (const bytes of waiting) next.write(bytes)
  }
}

export interface Listening {
  /** From now on messages go there; what has come since is first. */
  to(subscriber: Subscriber): void
  leave(): void
}

/** Listens before the client is told that it may: what is published after that is not missed. */
export async function listen(channels: Channels, admission: ChannelAdmission, form: Form): Promise<Listening> {
  const { filter, from, maySubscribe } = admission
  const anteroom = new Anteroom()
  const leave = maySubscribe ? await channels.subscribe({ filter, form, from, subscriber: anteroom }) : () => undefined
  return { to: (subscriber) => anteroom.admit(subscriber), leave }
}

/** Records that somebody came, and for what; resolves when that is as safe as the file wants it. */
export async function recordArrival(
  events: ChannelEvents,
  { grant, facts, filter, maySubscribe, mayPublish }: ChannelAdmission,
  { status, protocol, audit }: { status: number; protocol: string; audit: AuditMode }
): Promise<void> {
  const on: OnChannel = { facts: facts(), grant, status }
  let receipt = events.connected(on, { protocol, subscribe: maySubscribe, publish: mayPublish }, audit)
  if (maySubscribe) receipt = events.subscribed(on, { protocol, filter: formatTopic(filter) }, audit)
  await (audit === 'strict' ? receipt.durable() : receipt.written())
}
