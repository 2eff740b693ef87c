import type { IncomingMessage } from 'node:http'
import { IDENTITY_HEADERS, isReservedHeader, REQUEST_ID_HEADER } from '@patgate/contracts'
import type { Carrier } from '../credentials/credential.ts'
import type { CredentialStripper } from '../credentials/strip-credentials.ts'
import type { Grant } from '../decision/authorise.ts'
import { isHopByHop } from './hop-by-hop.ts'
import type { Peer } from './peer.ts'
import { continueTrace } from './trace-context.ts'

/** What a route wants changed about the headers its upstream receives. */
export interface HeaderRules {
  /** Null forwards credentials as they came. */
  readonly stripper: CredentialStripper | null
  readonly carrier: Carrier | null
  /** Names in lower case, and values: they take the place of the client's. */
  readonly injected: readonly (readonly [string, string])[]
}

/** Names and values in turn, as undici takes them. */
export type HeaderList = string[]

/** Written by us, or by the HTTP client: the upstream is addressed by its own name. */
const REPLACED: ReadonlySet<string> = new Set(['host', REQUEST_ID_HEADER, 'traceparent'])

/**
 * The headers for an upstream: a new list of the client's end-to-end headers whose names are not reserved, then ours
 * (gateway.md, section 3). It is never the incoming list with deletions.
 */
export function requestHeaders(
  request: IncomingMessage,
  requestId: string,
  peer: Peer,
  rules: HeaderRules
): HeaderList {
  const list: HeaderList = []
  const trace = continueTrace(request.headers.traceparent)
  const { rawHeaders } = request
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const value = endToEndValue(name.toLowerCase(), rawHeaders[index + 1] ?? '', trace.isContinued, rules)
    if (value !== null) list.push(name, value)
  }
  for (const [name, value] of rules.injected) list.push(name, value)
  list.push('X-Forwarded-For', peer.forwardedFor, 'X-Forwarded-Proto', peer.protocol, 'X-Forwarded-Host', peer.host)
  list.push(REQUEST_ID_HEADER, requestId, 'traceparent', trace.value)
  return list
}

/**
 * All identity headers, always: one that was absent could be written by somebody behind us. On a public route nobody is
 * spoken of, and nothing is asserted.
 */
export function pushIdentity(list: HeaderList, grant: Grant | null, assertion: string): void {
  const principal = grant?.principal
  list.push(
    IDENTITY_HEADERS.subject,
    principal?.owner.id ?? '',
    IDENTITY_HEADERS.token,
    principal?.tokenId ?? '',
    IDENTITY_HEADERS.kind,
    principal?.kind ?? '',
    IDENTITY_HEADERS.group,
    grant === null || grant.ask.group === '*' ? '' : grant.ask.group,
    IDENTITY_HEADERS.role,
    grant?.role ?? '',
    IDENTITY_HEADERS.entity,
    grant === null ? '' : headerSafe(grant.ask.entityId),
    IDENTITY_HEADERS.operation,
    grant?.ask.operation ?? '',
    IDENTITY_HEADERS.assertion,
    assertion
  )
}

function endToEndValue(name: string, value: string, isTraced: boolean, rules: HeaderRules): string | null {
  if (isHopByHop(name) || REPLACED.has(name) || isReservedHeader(name)) return null
  if (name === 'tracestate' && !isTraced) return null
  if (rules.injected.some(([injected]) => injected === name)) return null
  return rules.stripper === null ? value : rules.stripper.header(name, value, rules.carrier)
}

/** Ids outside ASCII are percent-encoded; no id can contain such an encoding itself, because the guard refuses `%25` before two digits. */
function headerSafe(id: string): string {
  return /^[\x21-\x7e]*$/.test(id) ? id : encodeURIComponent(id)
}
