import type { WebhookKind } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'

/** A checked address of a webhook. */
export interface Target {
  /** Without the brackets of an IPv6 address. */
  readonly host: string
  readonly port: number
  readonly isEncrypted: boolean
  readonly url: URL
}

interface Scheme {
  readonly isEncrypted: boolean
  readonly port: number
}

const HTTP: Readonly<Record<string, Scheme>> = {
  'https:': { isEncrypted: true, port: 443 },
  'http:': { isEncrypted: false, port: 80 }
}

/** Ports of RFC 5425 and RFC 6587. */
const SYSLOG: Readonly<Record<string, Scheme>> = {
  'syslog+tls:': { isEncrypted: true, port: 6514 },
  'syslog+tcp:': { isEncrypted: false, port: 601 }
}

const SCHEMES: Readonly<Record<WebhookKind, Readonly<Record<string, Scheme>>>> = {
  webhook: HTTP,
  ndjson: HTTP,
  syslog: SYSLOG
}

/** Reads the address of a webhook. Throws `invalid_request` that says what is wrong with it. */
export function parseTarget(kind: WebhookKind, text: string): Target {
  const schemes = SCHEMES[kind]
  const wanted = Object.keys(schemes).map((scheme) => `${scheme}//`)
  if (!URL.canParse(text)) throw invalidField('/url', `needs an address that begins with ${wanted.join(' or ')}`)
  const url = new URL(text)
  const scheme = schemes[url.protocol]
  if (scheme === undefined) throw invalidField('/url', `needs an address that begins with ${wanted.join(' or ')}`)
  if (url.username !== '' || url.password !== '') {
    throw invalidField('/url', 'must hold no user and no password: send a credential as a header')
  }
  if (url.hash !== '') throw invalidField('/url', 'must have no fragment')
  if (url.hostname === '') throw invalidField('/url', 'names no host')
  if (kind === 'syslog' && (!['', '/'].includes(url.pathname) || url.search !== '')) {
    throw invalidField('/url', 'of a syslog receiver is a host and a port')
  }
  const port = url.port === '' ? scheme.port : Number(url.port)
  if (port === 0) throw invalidField('/url', 'names no port that anybody listens on')
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port, isEncrypted: scheme.isEncrypted, url }
}
