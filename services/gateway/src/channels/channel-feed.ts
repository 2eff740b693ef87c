import { type ChannelFilter, matchesFilter } from '@patgate/domain'
import type { ChannelMessage, Form } from './channel-message.ts'

/** Who is written to. */
export interface Subscriber {
  write(bytes: Buffer): void
}

/** Subscribers who get the same bytes: of one filter, in one form. */
interface View {
  readonly filter: ChannelFilter
  readonly form: Form
  readonly subscribers: Set<Subscriber>
  waiting: Buffer[]
}

/** Messages that are remembered for those who have just read what was stored before them. */
const MOST_REMEMBERED = 256
const MOST_REMEMBERED_BYTES = 4 * 1024 * 1024

/**
 * Everybody in this process who listens to one channel. A message is written once for each view, and what comes in one turn
 * of the event loop is one piece for each socket.
 */
export class ChannelFeed {
  readonly #views = new Map<string, View>()
  readonly #remembered: ChannelMessage[] = []
  #rememberedBytes = 0
  /** Everything after this number is remembered. */
  #remembersAfter: number
  #isFlushing = false

  /** `lastSeq`: the number after which messages come. */
  constructor(lastSeq: number) {
    this.#remembersAfter = lastSeq
  }

  get isEmpty(): boolean {
    return this.#views.size === 0
  }

  /**
   * From now on the subscriber gets what matches, and first what came after the number `after`. Null when too much has come
   * since then to be remembered: it has to go on reading by itself.
   */
  subscribe(filter: ChannelFilter, form: Form, subscriber: Subscriber, after: number | null): (() => void) | null {
    if (after !== null && after < this.#remembersAfter) return null
    // What has come in this turn already is not for whoever comes now.
    this.#flush()
    for (const message of this.#remembered) {
      const isMissed = after !== null && message.seq > after && matchesFilter(filter, message.address)
      if (isMissed) subscriber.write(message.written(form))
    }
    const key = `${form} ${filter.subtopic.join('/')}`
    const view = this.#views.get(key) ?? { filter, form, subscribers: new Set<Subscriber>(), waiting: [] }
    this.#views.set(key, view)
    view.subscribers.add(subscriber)
    return () => {
      if (view.subscribers.delete(subscriber) && view.subscribers.size === 0) this.#views.delete(key)
    }
  }

  publish(message: ChannelMessage): void {
    this.#remember(message)
    for (const view of this.#views.values()) {
      if (matchesFilter(view.filter, message.address)) view.waiting.push(message.written(view.form))
    }
    if (this.#isFlushing) return
    this.#isFlushing = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#isFlushing = false
    for (const view of this.#views.values()) {
      const { waiting } = view
      if (waiting.length === 0) continue
      view.waiting = []
      const [only] = waiting
      const bytes = waiting.length === 1 && only !== undefined ? only : Buffer.concat(waiting)
      for (const subscriber of view.subscribers) subscriber.write(bytes)
    }
  }

  #remember(message: ChannelMessage): void {
    this.#remembered.push(message)
    this.#rememberedBytes += message.payloadBytes
    while (this.#remembered.length > MOST_REMEMBERED || this.#rememberedBytes > MOST_REMEMBERED_BYTES) {
      const forgotten = this.#remembered.shift()
      if (forgotten === undefined) return
      this.#rememberedBytes -= forgotten.payloadBytes
      this.#remembersAfter = forgotten.seq
    }
  }
}
