import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { WEB_SOCKET_PROTOCOLS } from '@patgate/contracts'

/** The status of an answer after which a connection speaks another protocol. */
export const SWITCHING_PROTOCOLS = 101

/** The number of RFC 6455, section 1.3, by which a server proves that it has understood the handshake. */
const PROOF_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** What a server answers to the client's `Sec-WebSocket-Key`. */
export function acceptValue(key: string): string {
  return hash('sha1', key + PROOF_GUID, 'base64')
}

/**
 * True when an upstream's 101 answers this very handshake. Anything else that calls itself 101 may be a server that took
 * the bytes of a WebSocket for something of its own.
 */
export function hasAccepted(request: IncomingHttpHeaders, answer: readonly string[]): boolean {
  return valueIn(answer, 'sec-websocket-accept') === acceptValue(request['sec-websocket-key'] ?? '')
}

/** The head of a 101 for the client. `own` is what the gateway adds; `answer` the upstream's end-to-end headers, in turn. */
export function switchingHead(
  request: IncomingHttpHeaders,
  answer: readonly string[],
  own: Readonly<Record<string, unknown>>
): string {
  const lines = [`HTTP/1.1 ${SWITCHING_PROTOCOLS} Switching Protocols`, 'Upgrade: websocket', 'Connection: Upgrade']
  for (let index = 0; index < answer.length; index += 2) lines.push(`${answer[index]}: ${answer[index + 1]}`)
  for (const [name, value] of Object.entries(own)) lines.push(`${name}: ${String(value)}`)
  if (valueIn(answer, 'sec-websocket-protocol') === null && offersOurs(request)) {
    // Browsers end a connection whose server selects none of what they offer.
    lines.push(`Sec-WebSocket-Protocol: ${WEB_SOCKET_PROTOCOLS.selected}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** True where a token was offered as a subprotocol, next to the one that is for us to select. */
export function offersOurs(request: IncomingHttpHeaders): boolean {
  const offered = (request['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  return (
    offered.includes(WEB_SOCKET_PROTOCOLS.selected) &&
    offered.some((protocol) => protocol.startsWith(WEB_SOCKET_PROTOCOLS.tokenPrefix))
  )
}

function valueIn(headers: readonly string[], lowerCaseName: string): string | null {
  const at = headers.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === lowerCaseName)
  return at === -1 ? null : (headers[at + 1] ?? null)
}
