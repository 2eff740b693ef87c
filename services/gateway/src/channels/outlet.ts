import type { Grant } from '../decision/authorise.ts'
import type { CutReason, OpenStream, StreamKind } from '../streams/open-stream.ts'
import type { Registration, StreamRegistry } from '../streams/stream-registry.ts'

/**
 * Why a stream of messages ended; `client` when it was not for the gateway, `forbidden` for somebody who published without
 * the right to, `failed` where a message could not be stored.
 */
export type OutletEnd = CutReason | 'slow' | 'client' | 'forbidden' | 'rate_limited' | 'failed'

/** One client's connection, as far as a subscription writes to it. */
export interface Wire {
  readonly kind: StreamKind
  write(bytes: Buffer): void
  /** How many bytes the client has not taken yet. */
  waitingBytes(): number
  /** Says why, where the protocol can, and closes. */
  close(end: OutletEnd): void
  /** Nothing may be accepted for a while. */
  hold?(): void
  release?(): void
}

export interface OutletOptions {
  readonly grant: Grant
  readonly wire: Wire
  readonly registry: Pick<StreamRegistry, 'register'>
  /** Told once. */
  readonly onEnd: (end: OutletEnd) => void
}

/** What may wait for a client that does not read: a whole message of the largest kind, and some more. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024

/** Writes to one subscriber what it may have, keeps a little back while nothing may pass, and drops who does not read. */
export class Outlet implements OpenStream {
  readonly kind: StreamKind
  readonly grant: Grant
  readonly isEndless = true
  readonly #wire: Wire
  readonly #onEnd: (end: OutletEnd) => void
  readonly #registry: Pick<StreamRegistry, 'register'>
  #registration: Registration | null = null
  #kept: Buffer[] = []
  #keptBytes = 0
  #hasEnded = false

  constructor({ grant, wire, registry, onEnd }: OutletOptions) {
    this.kind = wire.kind
    this.grant = grant
    this.#wire = wire
    this.#onEnd = onEnd
    this.#registry = registry
  }

  /** From now on it is watched; it may be over at once. */
  open(): void {
    this.#registration = this.#registry.register(this)
    if (this.#hasEnded) this.#registration.end()
  }

  /** True while something may be accepted from the client. */
  mayPass(): boolean {
    return !this.#hasEnded && this.#registration?.mayPass() === true
  }

  write(bytes: Buffer): void {
    if (this.#hasEnded) return
    if (this.#kept.length > 0 || !this.mayPass()) this.#keep(bytes)
    else this.#pass(bytes)
  }

  /** The subscription is over for another reason than a lost right. */
  end(end: OutletEnd): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#kept = []
    this.#registration?.end()
    this.#wire.close(end)
    this.#onEnd(end)
  }

  hold(): void {
    // What is to be delivered is kept: `mayPass` says no.
    this.#wire.hold?.()
  }

  release(): void {
    const kept = this.#kept
    this.#kept = []
    this.#keptBytes = 0
    for (const bytes of kept) this.#pass(bytes)
    this.#wire.release?.()
  }

  cut(reason: CutReason): void {
    this.end(reason)
  }

  #keep(bytes: Buffer): void {
    this.#kept.push(bytes)
    this.#keptBytes += bytes.length
    if (this.#keptBytes > MOST_WAITING_BYTES) this.end('slow')
  }

  #pass(bytes: Buffer): void {
    this.#wire.write(bytes)
    if (this.#wire.waitingBytes() > MOST_WAITING_BYTES) this.end('slow')
  }
}
