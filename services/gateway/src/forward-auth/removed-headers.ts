import { IDENTITY_HEADERS, isReservedHeader } from '@patgate/contracts'
import type { Carrier } from '../credentials/credential.ts'
import type { CredentialStripper } from '../credentials/strip-credentials.ts'

/** What has to change in the client's headers before the proxy forwards them. */
export interface HeaderChanges {
  /** Lower case, each once. */
  readonly removed: readonly string[]
  /** The client's cookies without ours; null when they may stay as they are. */
  readonly cookie: string | null
}

/** Written by the proxy itself, after us; any other name that begins like these is forged. */
const PROXY_HEADERS = /^x-(?:envoy-.+|forwarded-(?:for|proto|host|port|method|uri))$/
const IDENTITY_NAMES: ReadonlySet<string> = new Set(Object.values(IDENTITY_HEADERS))

/**
 * The headers that the proxy of gateway.md sections 2 and 3 would not forward: our credentials and reserved names. A
 * null stripper leaves the credentials where they are.
 */
export function headerChanges(
  rawHeaders: readonly string[],
  stripper: CredentialStripper | null,
  carrier: Carrier | null
): HeaderChanges {
  const removed = new Set<string>()
  let cookie: string | null = null
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    const isForged = isReservedHeader(name) && !PROXY_HEADERS.test(name) && !IDENTITY_NAMES.has(name)
    const kept = stripper === null ? value : stripper.header(name, value, carrier)
    if (isForged || kept === null) removed.add(name)
    else if (name === 'cookie' && kept !== value) cookie = kept
  }
  return { removed: [...removed], cookie: removed.has('cookie') ? null : cookie }
}
