import type { RequestHead } from './inspect-headers.ts'
import type { RejectionReason } from './rejection.ts'

/** Sixteen bytes in base64 (RFC 6455, section 4.1). */
const KEY = /^[A-Za-z0-9+/]{22}==$/
const VERSION = '13'

/**
 * Answers why a request that asks for a WebSocket is no handshake, or null (RFC 6455, section 4.2.1). `isUpgrade` is
 * what Node's parser made of it: an `Upgrade` header that `Connection` does not name would mean different things to us
 * and to whoever comes behind us.
 */
export function inspectHandshake(head: RequestHead, isUpgrade: boolean): RejectionReason | null {
  const upgrades = valuesOf(head.rawHeaders, 'upgrade')
  if (upgrades.length === 0 && !isUpgrade) return null
  const keys = valuesOf(head.rawHeaders, 'sec-websocket-key')
  const versions = valuesOf(head.rawHeaders, 'sec-websocket-version')
  if (!isUpgrade || upgrades.length !== 1 || head.method !== 'GET' || head.httpVersion !== '1.1') {
    return 'websocket_handshake'
  }
  if (versions.length !== 1 || versions[0] !== VERSION) return 'websocket_version'
  return keys.length === 1 && KEY.test(keys[0] ?? '') ? null : 'websocket_handshake'
}

function valuesOf(rawHeaders: readonly string[], lowerCaseName: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === lowerCaseName)
}
