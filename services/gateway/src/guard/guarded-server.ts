import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ALLOWED_METHODS, guardRequest } from './guard-request.ts'
import { createLimitedServer } from './http-server.ts'
import { inspectHandshake } from './inspect-handshake.ts'
import { refuse, refuseSocket } from './refuse.ts'
import type { RejectionReason } from './rejection.ts'
import { UpgradeResponse } from './upgrade-response.ts'

const BODY_AFTER_ANSWER_MS = 10_000

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

/** What stands beside the guard, because it has rules of its own for what it is asked. */
export interface GuardBypass {
  readonly prefix: string
  readonly listener: RequestListener
}

/** The guard stands in front of the framework, so that nothing, not even its router, sees a request that is not canonical. */
export function createGuard(onRejected: (rejection: Rejection) => void, bypasses: readonly GuardBypass[]): Guard {
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

  function admit(request: IncomingMessage, response: ServerResponse, handler: RequestListener): void {
    const { method = '', url = '', httpVersion, rawHeaders } = request
    const bypass = bypasses.find(({ prefix }) => url.startsWith(prefix))
    if (bypass !== undefined) {
      bypass.listener(request, response)
      return
    }
    const verdict = guardRequest({ method, target: url, httpVersion, rawHeaders })
    if (verdict.kind === 'server_options') {
      response.writeHead(204, { allow: ALLOWED_METHODS.join(', ') }).end()
      return
    }
    const isUpgrade = response instanceof UpgradeResponse
    const reason =
      verdict.kind === 'rejected' ? verdict.reason : inspectHandshake({ method, httpVersion, rawHeaders }, isUpgrade)
    if (verdict.kind === 'canonical' && reason === null) {
      answering.set(request.socket, response)
      response.once('finish', () => {
        answering.delete(request.socket)
        if (!request.complete) endUnfinished(request)
      })
      request.url = verdict.target.path + verdict.target.query
      handler(request, response)
    } else if (reason !== null) {
      refused.add(request.socket)
      const requestId = randomUUID()
      onRejected({ reason, requestId, request, address: request.socket.remoteAddress })
      refuse(response, reason, requestId)
    }
  }

  return {
    serverFactory(handler) {
      const server = createLimitedServer((request, response) => {
        // What follows a refused request on its connection cannot be trusted to be a request.
        if (refused.has(request.socket)) response.destroy()
        else admit(request, response, handler)
      })
      server.on('connect', (request, socket) => rejectSocket(socket as Socket, 'method_not_allowed', request))
      server.on('upgrade', (request, socket, head) => {
        // Behind an answer that is still to come there is no place for another protocol.
        if (answering.has(socket) || refused.has(socket)) rejectSocket(socket as Socket, 'websocket_handshake', request)
        else admit(request, new UpgradeResponse(request, socket as Socket, head), handler)
      })
      return server
    },

    clientErrorHandler(error, socket) {
      const reason = reasonOf(error)
      if (reason === null) socket.destroy()
      else rejectSocket(socket, reason, null)
    }
  }
}

/** A client may go on for a while with a body that is answered already, as it cannot know that; then its connection ends. */
function endUnfinished(request: IncomingMessage): void {
  const timer = setTimeout(() => request.socket.destroy(), BODY_AFTER_ANSWER_MS).unref()
  request.once('close', () => clearTimeout(timer))
}

/** Null for a connection that simply broke: nobody is there to be answered. */
function reasonOf({ code = '' }: NodeJS.ErrnoException): RejectionReason | null {
  if (code === 'HPE_HEADER_OVERFLOW') return 'header_block_too_large'
  if (code === 'HPE_INVALID_METHOD') return 'unknown_method'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'timeout'
  return code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE' ? 'malformed' : null
}
