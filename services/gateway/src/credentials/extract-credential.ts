import type { IncomingHttpHeaders } from 'node:http'
import { SESSION_HEADER } from '@patgate/contracts'
import { type CredentialRules, type CredentialSource, Fault } from '@patgate/service-kit'
import { readAuthorization, type Schemes } from './authorization.ts'
import { readCookie } from './cookies.ts'
import type { Carrier, Credential, Presented } from './credential.ts'
import { readSecret } from './secret.ts'

/** How a route reads credentials, worked out once when it is registered. */
export interface Extractor {
  /** Null when the request carries none. Throws `ambiguous_credentials` for two different ones. */
  extract(headers: IncomingHttpHeaders): Presented | null
}

type Place = (headers: IncomingHttpHeaders) => Presented | null

/**
 * Compiles a route's ordered list (gateway.md, section 2). `bearer` and `basic` share one header, so the first of
 * them stands for both. `xc-auth` counts on every route that accepts sessions. Query parameters and subprotocols
 * are for WebSocket and SSE only and are not read here.
 */
export function compileExtractor(rules: CredentialRules, acceptsSessions: boolean, tokenPrefix: string): Extractor {
  const schemes = schemesOf(rules.sources)
  const places: Place[] = []
  for (const carrier of carriersOf(rules.sources, acceptsSessions)) {
    const isSession = carrier.kind === 'header' && carrier.name === SESSION_HEADER
    const read = (text: string): Credential | null => {
      if (carrier.name === 'authorization') return readAuthorization(text, schemes, tokenPrefix)
      const credential = readSecret(text, tokenPrefix)
      return (credential?.kind === 'session') === isSession ? credential : null
    }
    places.push((headers) => present(carrier, headers, read, acceptsSessions))
  }
  return { extract: (headers) => choose(places, headers, rules.firstWins) }
}

function present(
  carrier: Carrier,
  headers: IncomingHttpHeaders,
  read: (text: string) => Credential | null,
  acceptsSessions: boolean
): Presented | null {
  const text = carrier.kind === 'header' ? headerOf(headers, carrier.name) : readCookie(headers.cookie, carrier.name)
  if (text === null) return null
  const credential = read(text)
  const isRefused = credential?.kind === 'session' && !acceptsSessions
  return { carrier, credential: isRefused ? null : credential, text: credential?.secret ?? text }
}

function choose(places: readonly Place[], headers: IncomingHttpHeaders, firstWins: boolean): Presented | null {
  let chosen: Presented | null = null
  for (const place of places) {
    const presented = place(headers)
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
    if (source.kind === 'bearer' || source.kind === 'basic') carriers.push({ kind: 'header', name: 'authorization' })
    else if (source.kind === 'header' || source.kind === 'cookie') carriers.push(source)
  }
  if (acceptsSessions) carriers.push({ kind: 'header', name: SESSION_HEADER })
  const keys = carriers.map(({ kind, name }) => `${kind}:${name}`)
  return carriers.filter((_, index) => keys.indexOf(keys[index] ?? '') === index)
}

function schemesOf(sources: readonly CredentialSource[]): Schemes {
  return {
    bearer: sources.some(({ kind }) => kind === 'bearer'),
    basic: sources.some(({ kind }) => kind === 'basic')
  }
}

/** Several lines of one header arrive joined by commas, which no token and no session contains. */
function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name]
  return value === undefined ? null : String(value)
}
