import { Fault } from '@patgate/service-kit'

type CodedError = Error & { readonly code?: string }

const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT'
])

const LOST_CONNECTIONS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** What a client is told of it: 504 for an upstream that is too slow, 502 for everything else. */
export function toUpstreamFault(error: CodedError): Fault {
  if (error instanceof Fault) return error
  const isTimeout = error.code !== undefined && TIMEOUTS.has(error.code)
  return new Fault(isTimeout ? 'upstream_timeout' : 'upstream_failed', { cause: error })
}

/** True where a connection that was open has ended; false where there was none, or where it was used and was too slow. */
export function isLostConnection({ code }: CodedError): boolean {
  return code !== undefined && LOST_CONNECTIONS.has(code)
}
