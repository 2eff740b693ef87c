import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Teardown } from './teardown.ts'

export interface RecordedRequest {
  readonly method: string
  readonly url: string
  /** Names and values in turn, with their spelling and order. */
  readonly rawHeaders: readonly string[]
  readonly headers: IncomingMessage['headers']
  /** Known when the request has been read to its end. */
  readonly body: Promise<string>
}

/** A real HTTP server that keeps every byte that reached it. */
export interface RecordingUpstream {
  /** Without a trailing slash. */
  readonly url: string
  readonly port: number
  /** For what a test adds by itself, such as an `upgrade` listener. */
  readonly server: Server
  readonly requests: readonly RecordedRequest[]
  /** How many connections were ever opened: zero proves that a request was refused before any upstream. */
  readonly connectionCount: number
  /** All bytes received, one character per byte, connection after connection. */
  received(): string
}

/**
 * Starts an upstream on a free port and closes it with the test. Without an `answer` of the test's own, every
 * request is read to its end and answered 200 `{"ok":true}`.
 */
export async function recordingUpstream(t: Teardown, answer: RequestListener = answerOk): Promise<RecordingUpstream> {
  const requests: RecordedRequest[] = []
  const connections: Buffer[][] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    requests.push(record(request))
    answer(request, response)
  })
  server.on('connection', (socket: Socket) => {
    const received: Buffer[] = []
    connections.push(received)
    sockets.add(socket)
    socket.on('data', (bytes: Buffer) => received.push(bytes))
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    await once(server, 'close')
  })

  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    requests,
    get connectionCount() {
      return connections.length
    },
    received: () => connections.map((received) => Buffer.concat(received).toString('latin1')).join('')
  }
}

function record(request: IncomingMessage): RecordedRequest {
  const { promise: body, resolve, reject } = Promise.withResolvers<string>()
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => resolve(Buffer.concat(chunks).toString()))
  request.on('error', reject)
  body.catch(() => undefined)
  const { method = '', url = '', rawHeaders, headers } = request
  return { method, url, rawHeaders, headers, body }
}

const answerOk: RequestListener = (request, response) => {
  request.on('end', () => response.setHeader('content-type', 'application/json').end('{"ok":true}'))
}
