import type { Server } from 'node:http'
import { WebSocketServer } from 'ws'

/** `/api/ws`: sends back every message it gets, text as text and bytes as bytes. */
export function acceptWebSockets(server: Server): void {
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] !== '/api/ws') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (message, isBinary) => client.send(message, { binary: isBinary }))
      client.on('error', () => client.terminate())
    })
  })
}
