import type { Duplex } from 'node:stream'
import type { Grant } from '../decision/authorise.ts'
import { CLOSE_CODES, type CutReason, type OpenStream } from '../streams/open-stream.ts'
import type { Registration, StreamRegistry } from '../streams/stream-registry.ts'
import { Flow } from './flow.ts'
import { closeFrame, maskedCloseFrame } from './frame.ts'

/** How a WebSocket through the gateway ended; null when client and upstream ended it themselves. */
export type TunnelEnd = CutReason | null

export interface TunnelOptions {
  readonly grant: Grant
  readonly client: Duplex
  readonly upstream: Duplex
  readonly registry: Pick<StreamRegistry, 'register'>
  readonly onEnd: (end: TunnelEnd) => void
}

/** How long both sides have to read the close frame before their connections are destroyed. */
const LINGER_MS = 1_000

/** Joins a client and an upstream that have both switched protocols, until one of them, or the registry, ends it. */
export function openTunnel(options: TunnelOptions): void {
  new Tunnel(options).open()
}

class Tunnel implements OpenStream {
  readonly kind = 'websocket'
  readonly isEndless = true
  readonly grant: Grant
  readonly #options: TunnelOptions
  readonly #toUpstream: Flow
  readonly #toClient: Flow
  #registration: Registration | null = null
  #hasEnded = false

  constructor(options: TunnelOptions) {
    const { grant, client, upstream } = options
    const mayPass = (): boolean => this.#registration?.mayPass() === true
    this.grant = grant
    this.#options = options
    this.#toUpstream = new Flow(client, upstream, mayPass)
    this.#toClient = new Flow(upstream, client, mayPass)
  }

  open(): void {
    const { client, upstream, registry } = this.#options
    for (const side of [client, upstream]) {
      side.on('error', () => side.destroy())
      side.once('close', () => this.#end(null))
    }
    this.#registration = registry.register(this)
    if (this.#hasEnded) return
    this.#toUpstream.start()
    this.#toClient.start()
  }

  hold(): void {
    this.#toUpstream.hold()
    this.#toClient.hold()
  }

  release(): void {
    this.#toUpstream.release()
    this.#toClient.release()
  }

  cut(reason: CutReason): void {
    const { client, upstream } = this.#options
    const code = CLOSE_CODES[reason]
    farewell(client, this.#toClient, closeFrame(code, reason))
    farewell(upstream, this.#toUpstream, maskedCloseFrame(code, reason))
    this.#end(reason)
  }

  #end(end: TunnelEnd): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#registration?.end()
    this.#toUpstream.stop()
    this.#toClient.stop()
    const { client, upstream, onEnd } = this.#options
    for (const side of [client, upstream]) endSoon(side)
    onEnd(end)
  }
}

/** In the middle of a frame nothing can be said any more: then the connection just ends. */
function farewell(side: Duplex, { boundaries }: Flow, frame: Buffer): void {
  if (boundaries.isBetweenFrames && !boundaries.isClosing && side.writable) side.write(frame)
  else side.destroy()
}

/** What is written goes out; a peer that does not hang up then is hung up on. */
function endSoon(side: Duplex): void {
  if (side.destroyed) return
  side.end()
  const timer = setTimeout(() => side.destroy(), LINGER_MS)
  side.once('close', () => clearTimeout(timer))
}
