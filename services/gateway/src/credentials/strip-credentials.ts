import { SESSION_HEADER, WEB_SOCKET_PROTOCOLS } from '@patgate/contracts'
import { withoutCookies } from './cookies.ts'
import type { Carrier } from './credential.ts'
import { isSessionShaped } from './secret.ts'

/** The console's cookie, with the prefix it has on HTTPS. */
const SESSION_COOKIES: ReadonlySet<string> = new Set(['patgate_session', '__Host-patgate_session'])

/** Keeps our credentials from upstreams, wherever in a request they are (gateway.md, section 2). */
export interface CredentialStripper {
  /** The value that may go to the upstream; null when the header may not go at all. */
  header(lowerCaseName: string, value: string, carrier: Carrier | null): string | null
  /** The query, with its `?`, without parameters that contain a token. */
  query(query: string, carrier: Carrier | null): string
}

export function createStripper(tokenPrefix: string): CredentialStripper {
  const start = `${tokenPrefix}_`
  const shape = new RegExp(`${tokenPrefix}_[0-9A-Za-z]{38}`)
  const hasToken = (text: string): boolean => text.includes(start) && shape.test(text)

  const isOurAuthorization = (value: string): boolean => {
    // Read more generously than a credential is: somebody behind us may be as generous.
    const parts = value.split(/[\s,]+/)
    return parts.some((part) => isSessionShaped(part) || hasToken(part) || hasToken(decodeBase64(part)))
  }
  const isOurCookie = (name: string, value: string, carrier: Carrier | null): boolean =>
    SESSION_COOKIES.has(name) || hasToken(decode(value)) || (carrier?.kind === 'cookie' && carrier.name === name)

  /** `patgate.v1` goes with the token beside which it was offered: it is for us to select. */
  const withoutTokens = (offered: string): string | null => {
    const protocols = offered.split(',').map((protocol) => protocol.trim())
    if (!protocols.some(hasToken)) return offered
    const kept = protocols.filter((protocol) => !hasToken(protocol) && protocol !== WEB_SOCKET_PROTOCOLS.selected)
    return kept.length === 0 ? null : kept.join(', ')
  }

  return {
    header(name, value, carrier) {
      if (name === SESSION_HEADER || (carrier?.kind === 'header' && carrier.name === name)) return null
      if (name === 'cookie') return withoutCookies(value, (cookie, text) => isOurCookie(cookie, text, carrier))
      if (name === 'authorization' && isOurAuthorization(value)) return null
      if (name === 'sec-websocket-protocol') return withoutTokens(value)
      return hasToken(value) ? null : value
    },

    query(query, carrier) {
      const isCarrier = (name: string): boolean => carrier?.kind === 'query' && carrier.name === name
      if (carrier?.kind !== 'query' && !query.includes('_') && !query.includes('%')) return query
      const parameters = query.slice(1).split('&')
      const kept = parameters.filter((parameter) => {
        const text = decode(parameter)
        return !hasToken(text) && !isCarrier(text.slice(0, text.indexOf('=')))
      })
      if (kept.length === parameters.length) return query
      return kept.length === 0 ? '' : `?${kept.join('&')}`
    }
  }
}

/** A token may be written with escapes. Each is decoded by itself, so that a broken one beside it hides nothing. */
function decode(text: string): string {
  return text.replace(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Whatever padding it has, or lacks. */
function decodeBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1')
}
