import type { IncomingMessage } from 'node:http'
import { Fault } from '@patgate/service-kit'
import { DEFAULT_GRAPHQL_LIMITS } from '../graphql/graphql-limits.ts'

const { bodyBytes: MAX_BODY_BYTES } = DEFAULT_GRAPHQL_LIMITS

/** The body that came with a call; null when none did. Throws 413 for one that is too large to be looked at. */
export async function readCallBody(call: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of call as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Read on to the end: the connection carries the next call.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  if (bytes > MAX_BODY_BYTES) throw new Fault('too_large', { detail: 'The body is too large to be decided on' })
  return bytes === 0 ? null : Buffer.concat(chunks)
}
