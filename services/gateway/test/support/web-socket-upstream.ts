import { createHash } from 'node:crypto'
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'

/** How an upstream treats handshakes, by the last segment of the path. */
export interface WebSocketUpstream {
  /** Those that are open, newest last. */
  readonly sockets: readonly WebSocket[]
}

/**
 * Makes a server answer handshakes. `echo` sends back what it gets; `greet` does so after a first message of its own, and
 * chooses the last protocol it is offered; `refuse` answers 409; `pretend` answers 101 without having read the key; `half`
 * begins a frame that it never ends.
 */
export function acceptWebSockets(server: Server): WebSocketUpstream {
  const sockets: WebSocket[] = []
  const accepting = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered].at(-1) ?? false })
  server.on('upgrade', (request, socket, head) => {
    const behaviour = request.url?.split('?')[0]?.split('/').at(-1) ?? ''
    if (behaviour === 'refuse') return answerConflict(socket)
    if (behaviour === 'pretend') return switchTo(socket, 'something')
    if (behaviour === 'half') {
      switchTo(socket, proofOf(request.headers['sec-websocket-key'] ?? ''))
      socket.write(Buffer.from([0x82, 100, 1, 2, 3]))
      return undefined
    }
    accepting.handleUpgrade(request, socket, head, (accepted) => {
      sockets.push(accepted)
      if (behaviour === 'greet') accepted.send('hello')
      accepted.on('message', (data, isBinary) => accepted.send(data, { binary: isBinary }))
      accepted.on('error', () => accepted.terminate())
    })
    return undefined
  })
  return { sockets }
}

function answerConflict(socket: Duplex): void {
  socket.end('HTTP/1.1 409 Conflict\r\nContent-Length: 4\r\nX-Own: kept\r\n\r\nbusy')
}

function switchTo(socket: Duplex, proof: string): void {
  socket.on('error', () => socket.destroy())
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n\r\n`
  )
}

function proofOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}
