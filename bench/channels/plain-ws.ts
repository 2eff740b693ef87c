import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'

/** The peer: the same library, the same clients, `send` for each of them. */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
await once(server, 'listening')
process.send?.({ port: (server.address() as AddressInfo).port })

const MOST_WAITING_BYTES = 1024 * 1024
const isFull = (client: WebSocket): boolean => client.bufferedAmount > MOST_WAITING_BYTES

process.on('message', async ({ messages, payload }: { messages: number; payload: string }) => {
  const bytes = Buffer.from(payload)
  for (let sent = 0; sent < messages; sent++) {
    for (const client of server.clients) client.send(bytes)
    await turn()
    while ([...server.clients].some(isFull)) await turn()
  }
})
