import { once } from 'node:events'
import type { Teardown } from '@patgate/test-kit'
import { type ClientOptions, WebSocket } from 'ws'

/** A real client, and everything that it heard. */
export interface Client {
  readonly socket: WebSocket
  /** Text as it is, bytes in hexadecimal. */
  readonly messages: string[]
  /** Code and reason, once it has been closed. */
  readonly closed: Promise<{ code: number; reason: string }>
}

/** What a handshake that was refused was answered. */
export interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface ConnectOptions extends ClientOptions {
  readonly protocols?: string[]
}

/** Connects; rejects with a `Refusal` where the handshake is answered otherwise. */
export async function connectWebSocket(t: Teardown, url: string, options: ConnectOptions = {}): Promise<Client> {
  const { protocols = [], ...rest } = options
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, rest)
  t.teardown(() => socket.terminate())
  const messages: string[] = []
  socket.on('message', (data: Buffer, isBinary) => messages.push(data.toString(isBinary ? 'hex' : 'utf8')))
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  const refused = new Promise<never>((_, reject) => {
    socket.on('unexpected-response', (_request, response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => reject({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    socket.on('error', reject)
  })
  refused.catch(() => undefined)
  await Promise.race([once(socket, 'open'), refused])
  return { socket, messages, closed }
}

/** What the handshake is answered that must not succeed. */
export async function refusalOf(t: Teardown, url: string, options: ConnectOptions = {}): Promise<Refusal> {
  try {
    await connectWebSocket(t, url, options)
  } catch (refusal) {
    if (typeof refusal === 'object' && refusal !== null && 'status' in refusal) return refusal as Refusal
    throw refusal
  }
  throw new Error('the handshake succeeded')
}
