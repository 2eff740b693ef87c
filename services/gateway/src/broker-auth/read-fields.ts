import type { IncomingMessage } from 'node:http'
import type { Fields } from './question.ts'

const LARGEST_BODY_BYTES = 16 * 1024

/** The fields of a call: of its JSON or its form, or of its query where it has no body. Null when it cannot be read. */
export async function readFields(call: IncomingMessage, query: Fields): Promise<Fields | null> {
  const body = await readBody(call)
  if (body === null) return null
  if (body === '') return query
  const type = (call.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(body))
  return type === 'application/json' ? fieldsIn(body) : null
}

async function readBody(call: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of call as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Read on to the end: the connection carries the next call.
    if (bytes <= LARGEST_BODY_BYTES) chunks.push(chunk)
  }
  return bytes > LARGEST_BODY_BYTES ? null : Buffer.concat(chunks).toString()
}

/** Numbers count as they are written: mosquitto's `acc` is one. */
function fieldsIn(json: string): Fields | null {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const fields = Object.entries(value).filter(([, field]) => typeof field === 'string' || typeof field === 'number')
    return Object.fromEntries(fields.map(([name, field]) => [name, String(field)]))
  } catch {
    return null
  }
}
