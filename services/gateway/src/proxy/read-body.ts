import type { IncomingMessage } from 'node:http'
import { Fault } from '@patgate/service-kit'
import { declaredLength, tooLarge } from './body-meter.ts'

export interface BodyBounds {
  readonly maxBytes: number
  /** From now until the last byte. */
  readonly withinMs: number
}

/**
 * The whole body, for a request that cannot be decided on without it. Throws 413 beyond the limit and 400 when it does
 * not come in time; the connection stays fit for an answer.
 */
export function readBody(request: IncomingMessage, { maxBytes, withinMs }: BodyBounds): Promise<Buffer> {
  if (declaredLength(request) > maxBytes) return Promise.reject(tooLarge())
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let bytes = 0

  const onData = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > maxBytes) finish(() => reject(tooLarge()))
    else chunks.push(chunk)
  }
  const onEnd = (): void => finish(() => resolve(Buffer.concat(chunks)))
  const onClose = (): void => finish(() => reject(incomplete('The connection closed before the body was complete')))
  const timer = setTimeout(() => finish(() => reject(incomplete('The body did not come in time'))), withinMs)

  /** What else comes is read and forgotten, or the client could not see the answer. */
  function finish(settle: () => void): void {
    clearTimeout(timer)
    request.off('data', onData).off('end', onEnd).off('close', onClose).resume()
    settle()
  }
  request.on('data', onData).on('end', onEnd).on('close', onClose)
  return promise
}

/** The rest of such a request, should it come, must not be taken for the beginning of another one. */
function incomplete(detail: string): Fault {
  return new Fault('invalid_request', { detail, headers: { connection: 'close' } })
}
