import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { PROBLEM_CONTENT_TYPE } from '@patgate/contracts'
import { Fault, toProblem } from '@patgate/service-kit'
import { ALLOWED_METHODS } from './guard-request.ts'
import { REJECTIONS, type RejectionReason } from './rejection.ts'

// A client that is still writing would lose our answer to a reset; it gets this long to read it.
const LINGER_MS = 1_000

/** Answers and closes the connection: what follows on it cannot be trusted to be a request. */
export function refuse(response: ServerResponse, reason: RejectionReason, requestId: string): void {
  const { status, headers, text } = answerTo(reason, requestId)
  response.writeHead(status, headers)
  response.end(text)
}

/** The same on a bare socket, where Node's parser gave up before there was a request. */
export function refuseSocket(socket: Duplex, reason: RejectionReason, requestId: string): void {
  const { status, headers, text } = answerTo(reason, requestId)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_TEXT}\r\n${lines.join('')}\r\n${text}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

const STATUS_TEXT = 'Refused'

function answerTo(reason: RejectionReason, requestId: string): Answer {
  const { status, headers, body } = toProblem(faultOf(reason), requestId)
  const text = JSON.stringify(body)
  const length = String(Buffer.byteLength(text))
  return {
    status,
    text,
    headers: { ...headers, 'content-type': PROBLEM_CONTENT_TYPE, 'content-length': length, connection: 'close' }
  }
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** The one answer to each reason, on every surface. */
export function faultOf(reason: RejectionReason): Fault {
  const kind = REJECTIONS[reason]
  if (kind === 'method_not_allowed') return new Fault(kind, { headers: { allow: ALLOWED_METHODS.join(', ') } })
  return new Fault(kind, {
    detail: `The request is refused: ${reason.replaceAll('_', ' ')}`,
    ...(reason === 'websocket_version' ? { headers: { 'sec-websocket-version': '13' } } : {})
  })
}
