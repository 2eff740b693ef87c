import { connect } from 'node:net'

export interface RawRequest {
  readonly port: number
  readonly host?: string
  /** Sent exactly as they are: no header is added, nothing is normalised. */
  readonly bytes: string | Uint8Array
  /**
   * When the answer is complete: `response` (default) after the first final response, `close` when the server has
   * closed the connection, which proves that it did.
   */
  readonly until?: 'response' | 'close'
  readonly timeoutMs?: number
}

/**
 * Sends raw bytes over a socket and answers the raw response, one character per byte. A connection that the server
 * closes or resets ends the answer; one that stays silent too long is an error that shows what had come so far.
 */
export function rawRequest(request: RawRequest): Promise<string> {
  const { port, host = '127.0.0.1', bytes, timeoutMs = 10_000 } = request
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect({ port, host })
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no complete answer within ${timeoutMs} ms; heard ${JSON.stringify(heard)}`))
    }, timeoutMs)
    const finish = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(heard)
    }
    socket.setEncoding('latin1')
    socket.on('connect', () => socket.write(bytes))
    socket.on('data', (text: string) => {
      heard += text
      if (request.until !== 'close' && hasCompleteResponse(heard)) finish()
    })
    socket.on('close', finish)
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server that refuses may reset the connection while we still write: what it said is the answer.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return
      clearTimeout(timer)
      reject(error)
    })
  })
}

/** True when the text begins with a final response whose body is whole; a body that ends with the connection never is. */
function hasCompleteResponse(text: string): boolean {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd === -1) return false
  const head = text.slice(0, headEnd)
  const body = text.slice(headEnd + 4)
  const status = Number(head.slice(9, 12))
  if (status === 101 || status === 204 || status === 304) return true
  if (status < 200) return hasCompleteResponse(body)
  if (/^transfer-encoding:.*chunked/im.test(head)) return /(^|\r\n)0\r\n(.*\r\n)*\r\n/.test(body)
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  return length !== undefined && body.length >= Number(length)
}
