import type { IncomingHttpHeaders } from 'node:http'
import { SESSION_HEADER, WEB_SOCKET_PROTOCOLS } from '@patgate/contracts'
import { type CredentialRules, type CredentialSource, Fault } from '@patgate/service-kit'
import { readAuthorization, type Schemes } from './authorization.ts'
import { readCookie } from './cookies.ts'
import type { Carrier, Credential, Presented } from './credential.ts'
import { readSecret } from './secret.ts'

/** How a route reads credentials, worked out once when it is registered. */
export interface Extractor {
  /**
   * Null when the request carries none. Throws `ambiguous_credentials` for two different ones. `streamQuery` is the query
   * of a request that opens a stream: only there may a credential be in the query, or a subprotocol, because there
   * browsers can set no header; null keeps both from being looked at.
   */
  extract(headers: IncomingHttpHeaders, streamQuery?: string | null): Presented | null
}

type Place = (headers: IncomingHttpHeaders, streamQuery: string | null) => Presented | null

/**
 * Compiles a route's ordered list (gateway.md, section 2). `bearer`, `basic` and `client` share one header, so the first
 * of them stands for all. `xc-auth` counts on every route that accepts sessions; of cookies, only those that are named
 * hold one.
 */
export function compileExtractor(
  rules: CredentialRules,
  acceptsSessions: boolean,
  tokenPrefix: string,
  sessionCookies: readonly string[] = []
): Extractor {
  const schemes = schemesOf(rules.sources)
  const places: Place[] = []
  for (const carrier of carriersOf(rules.sources, acceptsSessions)) {
    const isSession =
      (carrier.kind === 'header' && carrier.name === SESSION_HEADER) ||
      (carrier.kind === 'cookie' && sessionCookies.includes(carrier.name))
    const read = (text: string): Credential | null => {
      if (carrier.kind === 'header' && carrier.name === 'authorization')
        return readAuthorization(text, schemes, tokenPrefix)
      const credential = readSecret(text, tokenPrefix)
      return (credential?.kind === 'session') === isSession ? credential : null
    }
    places.push((headers, streamQuery) => {
      const text = textIn(carrier, headers, streamQuery)
      return text === null ? null : present(carrier, text, read, acceptsSessions)
    })
  }
  return { extract: (headers, streamQuery = null) => choose(places, headers, streamQuery, rules.firstWins) }
}

function present(
  carrier: Carrier,
  text: string,
  read: (text: string) => Credential | null,
  acceptsSessions: boolean
): Presented {
  const credential = read(text)
  const isRefused = credential?.kind === 'session' && !acceptsSessions
  return { carrier, credential: isRefused ? null : credential, text: credential?.secret ?? text }
}

/** What stands in a place where a credential may be; null where nothing does. */
function textIn(carrier: Carrier, headers: IncomingHttpHeaders, streamQuery: string | null): string | null {
  if (carrier.kind === 'header') return headerOf(headers, carrier.name)
  if (carrier.kind === 'cookie') return readCookie(headers.cookie, carrier.name)
  if (streamQuery === null) return null
  return carrier.kind === 'query' ? inQuery(streamQuery, carrier.name) : inSubprotocols(headerOf(headers, carrier.name))
}

/** Repeated, it is no credential: two readers might take two different ones. */
function inQuery(query: string, name: string): string | null {
  const values = new URLSearchParams(query).getAll(name)
  return values.length === 0 ? null : values.join(',')
}

function inSubprotocols(header: string | null): string | null {
  const { tokenPrefix } = WEB_SOCKET_PROTOCOLS
  const offered = (header ?? '').split(',').map((protocol) => protocol.trim())
  const tokens = offered.filter((protocol) => protocol.startsWith(tokenPrefix))
  return tokens.length === 0 ? null : tokens.map((protocol) => protocol.slice(tokenPrefix.length)).join(',')
}

function choose(
  places: readonly Place[],
  headers: IncomingHttpHeaders,
  streamQuery: string | null,
  firstWins: boolean
): Presented | null {
  let chosen: Presented | null = null
  for (const place of places) {
    const presented = place(headers, streamQuery)
    if (presented === null) continue
    if (firstWins) return presented
    if (chosen !== null && chosen.text !== presented.text) {
      throw new Fault('ambiguous_credentials', { detail: 'Send exactly one credential' })
    }
    chosen ??= presented
  }
  return chosen
}

function carriersOf(sources: readonly CredentialSource[], acceptsSessions: boolean): Carrier[] {
  const carriers: Carrier[] = []
  for (const source of sources) {
    if (source.kind === 'subprotocol') carriers.push({ kind: 'subprotocol', name: 'sec-websocket-protocol' })
    else if ('name' in source) carriers.push(source)
    else carriers.push({ kind: 'header', name: 'authorization' })
  }
  if (acceptsSessions) carriers.push({ kind: 'header', name: SESSION_HEADER })
  const keys = carriers.map(({ kind, name }) => `${kind}:${name}`)
  return carriers.filter((_, index) => keys.indexOf(keys[index] ?? '') === index)
}

function schemesOf(sources: readonly CredentialSource[]): Schemes {
  return {
    bearer: sources.some(({ kind }) => kind === 'bearer'),
    basic: sources.some(({ kind }) => kind === 'basic'),
    client: sources.some(({ kind }) => kind === 'client')
  }
}

/** Several lines of one header arrive joined by commas, which no token and no session contains. */
function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name]
  return value === undefined ? null : String(value)
}
