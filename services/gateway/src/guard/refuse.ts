import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { PROBLEM_CONTENT_TYPE } from '@patgate/contracts'
import { answerOnSocket, Fault, toProblem } from '@patgate/service-kit'
import { ALLOWED_METHODS } from './guard-request.ts'
import { REJECTIONS, type RejectionReason } from './rejection.ts'

/** Answers and closes the connection: what follows on it cannot be trusted to be a request. */
export function refuse(response: ServerResponse, reason: RejectionReason, requestId: string): void {
  const { status, headers, text } = answerTo(reason, requestId)
  response.writeHead(status, headers)
  response.end(text)
}

/** The same on a bare socket, where Node's parser gave up before there was a request. */
export function refuseSocket(socket: Duplex, reason: RejectionReason, requestId: string): void {
  answerOnSocket(socket, faultOf(reason), requestId)
}

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
