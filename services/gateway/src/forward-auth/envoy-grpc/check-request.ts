import type { BlockList } from 'node:net'
import { clientAddress, contains, plainAddress } from '../../proxy/peer.ts'
import { mergeHeaders } from '../merge-headers.ts'
import type { OriginalRequest } from '../original-request.ts'
import type { CheckRequest, HttpRequest } from './protocol.ts'

/** The request that a `CheckRequest` speaks of; null when it speaks of none. */
export function originalOfCheck(
  { attributes }: CheckRequest,
  id: string,
  trustedProxies: BlockList | undefined
): OriginalRequest | null {
  const http = attributes?.request?.http ?? null
  if (http === null || http.method === '' || http.path === '') return null
  const rawHeaders = linesOf(http)
  const merged = mergeHeaders(rawHeaders)
  const source = plainAddress(attributes?.source?.address?.socket_address?.address ?? '')
  return {
    id,
    method: http.method,
    target: http.path,
    httpVersion: http.protocol === 'HTTP/1.0' ? '1.0' : '1.1',
    rawHeaders,
    address: contains(trustedProxies, source)
      ? clientAddress(merged['x-forwarded-for']?.toString() ?? source, trustedProxies)
      : source || null,
    readBody: async () => (merged['x-envoy-auth-partial-body'] === 'true' ? null : bodyOf(http))
  }
}

/** HTTP/2 says host and method in pseudo headers; the guard wants to see one `host`. */
function linesOf({ headers, header_map: map, host }: HttpRequest): string[] {
  const lines =
    map === null || map.headers.length === 0
      ? Object.entries(headers)
      : map.headers.map(
          ({ key, value, raw_value: raw }) => [key, value || Buffer.from(raw).toString('latin1')] as const
        )
  const end = lines.filter(([name]) => !name.startsWith(':'))
  const hasHost = end.some(([name]) => name.toLowerCase() === 'host')
  return [...(hasHost ? [] : ['host', host]), ...end.flat()]
}

function bodyOf({ body, raw_body: raw }: HttpRequest): Uint8Array | null {
  if (raw.length > 0) return raw
  return body === '' ? null : Buffer.from(body)
}
