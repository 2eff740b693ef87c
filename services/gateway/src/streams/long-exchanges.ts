import type { Grant } from '../decision/authorise.ts'
import type { Exchange } from '../proxy/exchange.ts'
import type { ExchangeWatch } from '../proxy/forward.ts'
import type { CutReason, OpenStream } from './open-stream.ts'
import type { Registration, StreamRegistry } from './stream-registry.ts'

/**
 * Long uploads, downloads and streams of events through the proxy. Nearly every exchange is over in a few milliseconds and
 * costs two operations on a set; one that is still there at the second turn becomes a stream like any other. What has
 * changed before that is found when it is registered.
 */
export interface LongExchanges {
  watch(exchange: Exchange, grant: Grant): ExchangeWatch
  /** Registers what has been there since before the last turn. */
  turn(): void
}

export function createLongExchanges(registry: Pick<StreamRegistry, 'register'>): LongExchanges {
  let young = new Set<WatchedExchange>()
  let older = new Set<WatchedExchange>()

  return {
    watch(exchange, grant) {
      const watched = new WatchedExchange(exchange, grant, (ended) => void (young.delete(ended) || older.delete(ended)))
      young.add(watched)
      return watched
    },

    turn() {
      const long = older
      older = young
      young = new Set()
      for (const exchange of long) exchange.registerWith(registry)
    }
  }
}

class WatchedExchange implements ExchangeWatch, OpenStream {
  readonly kind = 'exchange'
  readonly grant: Grant
  readonly #exchange: Exchange
  readonly #onEnd: (ended: WatchedExchange) => void
  #registration: Registration | null = null

  constructor(exchange: Exchange, grant: Grant, onEnd: (ended: WatchedExchange) => void) {
    this.#exchange = exchange
    this.grant = grant
    this.#onEnd = onEnd
  }

  registerWith(registry: Pick<StreamRegistry, 'register'>): void {
    this.#registration = registry.register(this)
  }

  mayPass(): boolean {
    return this.#registration === null || this.#registration.mayPass()
  }

  end(): void {
    if (this.#registration === null) this.#onEnd(this)
    else this.#registration.end()
  }

  get isEndless(): boolean {
    return this.#exchange.isEndless
  }

  hold(): void {
    this.#exchange.hold()
  }

  release(): void {
    this.#exchange.release()
  }

  cut(reason: CutReason): void {
    this.#exchange.cut(reason)
  }
}
