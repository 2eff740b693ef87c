import type { IncomingMessage } from 'node:http'
import { Fault } from '@patgate/service-kit'

/** Far above what a GraphQL document needs; proxies hand over less by default. */
const MAX_BODY_BYTES = 1024 * 1024

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
