import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ALLOWED_METHODS, guardRequest } from './guard-request.ts'
import { refuse, refuseSocket } from './refuse.ts'
import type { RejectionReason } from './rejection.ts'

/** One refused request, for the audit log. `request` is null when the parser gave up before there was one. */
export interface Rejection {
  readonly reason: RejectionReason
  readonly requestId: string
  readonly request: IncomingMessage | null
  readonly address: string | undefined
}

/** A server and its way to deal with what is not even HTTP; both belong to the Fastify application. */
export interface Guard {
  serverFactory(handler: RequestListener): Server
  clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void
}

const HEADER_TIME_MS = 10_000
const CHECK_EVERY_MS = 1_000
const IDLE_KEEP_ALIVE_MS = 72_000
// Room for a target and a header block that are each at their limit; the guard holds them to their own.
const PARSER_LIMIT_BYTES = 26 * 1024

/** The guard stands in front of the framework, so that nothing, not even its router, sees a request that is not canonical. */
export function createGuard(onRejected: (rejection: Rejection) => void): Guard {
  const refused = new WeakSet<Duplex>()
  const answering = new WeakMap<Duplex, ServerResponse>()

  function rejectSocket(socket: Socket, reason: RejectionReason, request: IncomingMessage | null): void {
    // The parser reports every chunk that follows a broken one; the first has been answered.
    if (refused.has(socket)) return
    refused.add(socket)
    const requestId = randomUUID()
    onRejected({ reason, requestId, request, address: socket.remoteAddress })
    // Half an answer may be under way: bytes of ours would be taken for a part of it.
    if (answering.get(socket)?.headersSent === true || !socket.writable) socket.destroy()
    else refuseSocket(socket, reason, requestId)
  }

  return {
    serverFactory(handler) {
      const options = {
        maxHeaderSize: PARSER_LIMIT_BYTES,
        headersTimeout: HEADER_TIME_MS,
        // A body takes as long as its route says.
        requestTimeout: 0,
        connectionsCheckingInterval: CHECK_EVERY_MS,
        keepAliveTimeout: IDLE_KEEP_ALIVE_MS,
        requireHostHeader: false
      }
      const server = createServer(options, (request, response) => {
        const { method = '', url = '', httpVersion, rawHeaders } = request
        const verdict = guardRequest({ method, target: url, httpVersion, rawHeaders })
        if (verdict.kind === 'canonical') {
          answering.set(request.socket, response)
          response.once('finish', () => answering.delete(request.socket))
          request.url = verdict.target.path + verdict.target.query
          handler(request, response)
        } else if (verdict.kind === 'server_options') {
          response.writeHead(204, { allow: ALLOWED_METHODS.join(', ') }).end()
        } else {
          refused.add(request.socket)
          const requestId = randomUUID()
          onRejected({ reason: verdict.reason, requestId, request, address: request.socket.remoteAddress })
          refuse(response, verdict.reason, requestId)
        }
      })
      // Node would silently drop the headers beyond its own limit; the guard refuses such a request instead.
      server.maxHeadersCount = 0
      server.on('connect', (request, socket) => rejectSocket(socket as Socket, 'method_not_allowed', request))
      return server
    },

    clientErrorHandler(error, socket) {
      const reason = reasonOf(error)
      if (reason === null) socket.destroy()
      else rejectSocket(socket, reason, null)
    }
  }
}

/** Null for a connection that simply broke: nobody is there to be answered. */
function reasonOf({ code = '' }: NodeJS.ErrnoException): RejectionReason | null {
  if (code === 'HPE_HEADER_OVERFLOW') return 'header_block_too_large'
  if (code === 'HPE_INVALID_METHOD') return 'unknown_method'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'timeout'
  return code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE' ? 'malformed' : null
}
