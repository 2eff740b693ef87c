import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { CLOSE_CODES } from '../streams/open-stream.ts'
import type { OutletEnd, Wire } from './outlet.ts'

const CODES: Readonly<Record<OutletEnd, number>> = {
  ...CLOSE_CODES,
  slow: 1013,
  failed: 1013,
  forbidden: 1008,
  rate_limited: 1008,
  client: 1000
}

/** How long a client has to answer the close frame. */
const LINGER_MS = 1_000

/** Writes whole frames to the socket itself: they are the same bytes for everybody who gets them. */
export class WebSocketWire implements Wire {
  readonly kind = 'channel_websocket'
  /** Called when messages of the client may be accepted again. */
  onRelease: () => void = () => undefined
  readonly #client: WebSocket
  readonly #socket: Socket
  #isAlive = true

  constructor(client: WebSocket, socket: Socket) {
    this.#client = client
    this.#socket = socket
    client.on('pong', () => {
      this.#isAlive = true
    })
  }

  write(bytes: Buffer): void {
    if (this.#client.readyState === this.#client.OPEN) this.#socket.write(bytes)
  }

  waitingBytes(): number {
    return this.#socket.writableLength
  }

  /** A client that has not answered the last one is gone. */
  ping(): void {
    if (!this.#isAlive) this.#client.terminate()
    this.#isAlive = false
    if (this.#client.readyState === this.#client.OPEN) this.#client.ping()
  }

  hold(): void {
    this.#client.pause()
  }

  release(): void {
    this.#client.resume()
    this.onRelease()
  }

  close(end: OutletEnd): void {
    if (this.#client.readyState === this.#client.CLOSED) return
    this.#client.resume()
    this.#client.close(CODES[end], end === 'client' ? '' : end)
    const timer = setTimeout(() => this.#client.terminate(), LINGER_MS).unref()
    this.#client.once('close', () => clearTimeout(timer))
  }
}
