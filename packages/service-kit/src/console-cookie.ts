import { parseCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'
import { Fault } from './fault.ts'

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD']

/** The session in the console's cookie; null when there is none. Only to be asked on the console's listener. */
export function sessionInCookie(request: FastifyRequest, consoleOrigin: string): string | null {
  return parseCookie(request.headers.cookie ?? '')[consoleCookieName(consoleOrigin)] ?? null
}

/**
 * A browser sends the cookie whoever wrote the page, so a call that changes something must come from the console's own
 * pages: 403 unless `Origin` is exactly the console's, and `Sec-Fetch-Site`, where it is sent, says the same.
 */
export function assertFromConsole(request: FastifyRequest, consoleOrigin: string): void {
  if (SAFE_METHODS.includes(request.method)) return
  const site = request.headers['sec-fetch-site']
  if (request.headers.origin === consoleOrigin && (site === undefined || site === 'same-origin')) return
  throw new Fault('forbidden', { detail: 'A call with the cookie must come from the console itself' })
}

/** On HTTPS the name promises that only this very host can have set the cookie (RFC 6265bis, section 4.1.3.2). */
export function consoleCookieName(consoleOrigin: string): string {
  return consoleOrigin.startsWith('https://') ? '__Host-patgate_session' : 'patgate_session'
}
