import { once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'

/** A WebSocket as a client has it, with the moment and the code of its end. */
export interface OpenSocket {
  readonly socket: WebSocket
  readonly messages: string[]
  readonly closed: Promise<{ code: number; reason: string; atMs: number }>
}

/** Connects with a token; rejects when the handshake is refused. */
export async function openSocket(url: string, token: string, options: ClientOptions = {}): Promise<OpenSocket> {
  const headers = { authorization: `Bearer ${token}` }
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers, ...options })
  const messages: string[] = []
  socket.on('message', (data: Buffer) => messages.push(data.toString()))
  socket.on('error', () => undefined)
  const closed = new Promise<{ code: number; reason: string; atMs: number }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString(), atMs: performance.now() }))
  })
  const refused = once(socket, 'unexpected-response').then(([, response]) => {
    throw new Error(`the handshake was answered ${(response as { statusCode: number }).statusCode}`)
  })
  await Promise.race([once(socket, 'open'), refused])
  return { socket, messages, closed }
}
