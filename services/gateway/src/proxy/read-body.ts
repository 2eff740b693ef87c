import type { IncomingMessage } from 'node:http'
import { Fault } from '@patgate/service-kit'
import { type BodyBounds, declaredLength, tooLarge, tooSlow } from './body-meter.ts'

/**
 * The whole body, for a request that cannot be decided on without it. Throws 413 beyond the limit and 400 when it does
 * not come in time, from now until the last byte; the connection stays fit for an answer.
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
  const onClose = (): void =>
    finish(() => reject(new Fault('invalid_request', { detail: 'The connection closed before the body was complete' })))
  const timer = setTimeout(() => finish(() => reject(tooSlow())), withinMs)

  /** What else comes is read and forgotten, or the client could not see the answer. */
  function finish(settle: () => void): void {
    clearTimeout(timer)
    request.off('data', onData).off('end', onEnd).off('close', onClose).resume()
    settle()
  }
  request.on('data', onData).on('end', onEnd).on('close', onClose)
  return promise
}
