import type { IncomingMessage } from 'node:http'

/** A request, read to its end. */
export interface DemoRequest {
  method: string
  /** The decoded segments of the path, without the leading `api`. */
  segments: string[]
  path: string
  headers: IncomingMessage['headers']
  body: unknown
}

/** An answer; no body means none is sent. */
export interface DemoAnswer {
  status: number
  body?: unknown
}

export const notFound: DemoAnswer = { status: 404, body: { error: 'not found' } }
export const methodNotAllowed: DemoAnswer = { status: 405, body: { error: 'method not allowed' } }

/** The fields of a JSON object; anything else has none. */
export function fieldsOf(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
}
