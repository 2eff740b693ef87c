import { createHash } from 'node:crypto'
import { IDEMPOTENCY_KEY_HEADER } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'

/** A call that its caller may send again under the same key (api.md, `Idempotency-Key`). */
export interface RepeatableCall {
  readonly callerId: string
  readonly method: string
  readonly path: string
  readonly key: string
  /** SHA-256 of the body in normal form: the same fields in another order are the same body. */
  readonly bodyDigest: Buffer
}

const KEY = /^[\x21-\x7e]{1,255}$/

/** The call's key, with all that it holds for; null when the caller sent none. */
export function repeatable(request: FastifyRequest, callerId: string): RepeatableCall | null {
  const key = request.headers[IDEMPOTENCY_KEY_HEADER]
  if (key === undefined) return null
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new Fault('invalid_request', { detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters' })
  }
  const [path = ''] = request.url.split('?', 1)
  return { callerId, method: request.method, path, key, bodyDigest: digestOfBody(request.body) }
}

export function digestOfBody(body: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(inNormalForm(body ?? {})))
    .digest()
}

function inNormalForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inNormalForm)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, inner]) => [name, inNormalForm(inner)]))
}
