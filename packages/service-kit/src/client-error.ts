import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { PROBLEM_CONTENT_TYPE } from '@patgate/contracts'
import { Fault } from './fault.ts'
import { toProblem } from './problem.ts'

/** A client that is still writing would lose our answer to a reset; it gets this long to read it. */
const LINGER_MS = 1_000
/** For clients that show it; they go by the number. */
const STATUS_TEXT = 'Refused'

/**
 * What Node's parser could not read, answered like every other error, and the connection closed (docs/decisions/0027). One
 * that was opened ahead and on which nothing was said is closed without a word: a browser that begins to use it at that
 * moment would take the answer for that of its request, where it opens another if there is none.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  const fault = 'bytesRead' in socket && socket.bytesRead === 0 ? null : clientFault(error)
  if (fault === null || !socket.writable) socket.destroy()
  else answerOnSocket(socket, fault, randomUUID())
}

/** Writes a problem where there is no response to write it to, and closes the connection. */
export function answerOnSocket(socket: Duplex, fault: Fault, requestId: string): void {
  const { status, headers, body } = toProblem(fault, requestId)
  const text = JSON.stringify(body)
  const length = String(Buffer.byteLength(text))
  const all = { ...headers, 'content-type': PROBLEM_CONTENT_TYPE, 'content-length': length, connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_TEXT}\r\n${lines.join('')}\r\n${text}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

/** Null for a connection that simply broke: nobody is there to be answered. */
function clientFault({ code = '' }: NodeJS.ErrnoException): Fault | null {
  if (code === 'HPE_HEADER_OVERFLOW') return new Fault('header_too_large')
  if (code === 'HPE_INVALID_METHOD') return new Fault('not_implemented')
  const isMalformed = code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE'
  const isLate = code === 'ERR_HTTP_REQUEST_TIMEOUT'
  return isMalformed || isLate ? new Fault('invalid_request', { detail: 'This is not a request of HTTP' }) : null
}
