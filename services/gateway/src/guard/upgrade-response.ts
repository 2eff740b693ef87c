import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { SWITCHING_PROTOCOLS } from '../web-sockets/switch-protocols.ts'

/**
 * The answer to a request for another protocol. It is answered like any other, with a problem or with what an upstream
 * says, and its connection ends then; or the connection is taken, and there is no answer of this kind any more.
 */
export class UpgradeResponse extends ServerResponse {
  readonly #socket: Socket
  readonly #head: Buffer

  constructor(request: IncomingMessage, socket: Socket, head: Buffer) {
    super(request)
    this.#socket = socket
    this.#head = head
    this.shouldKeepAlive = false
    this.assignSocket(socket)
    // Node has let go of the connection: nobody else ends it, or hears of its errors.
    socket.on('error', () => socket.destroy())
    this.once('finish', () => socket.destroySoon())
  }

  /** From here on the connection belongs to the caller, with everything that the client has sent on it. */
  take(): Socket {
    this.detachSocket(this.#socket)
    this.statusCode = SWITCHING_PROTOCOLS
    // There will be no other end of this answer for those who wait for one.
    this.emit('close')
    if (this.#head.length > 0) this.#socket.unshift(this.#head)
    return this.#socket
  }
}
