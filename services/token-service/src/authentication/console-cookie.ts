import { Fault } from '@patgate/service-kit'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD']

/** The session in the console's cookie; null when there is none. Only to be asked on the console's listener. */
export function sessionInCookie(request: FastifyRequest, consoleOrigin: string): string | null {
  return parseCookie(request.headers.cookie ?? '')[cookieName(consoleOrigin)] ?? null
}

/** Keeps a session in the browser, where no script can read it and no other site can send it (api.md, "Who may call"). */
export function setSessionCookie(reply: FastifyReply, consoleOrigin: string, token: string, expires: Date): void {
  reply.header('set-cookie', sessionCookie(consoleOrigin, token, expires))
}

export function clearSessionCookie(reply: FastifyReply, consoleOrigin: string): void {
  reply.header('set-cookie', sessionCookie(consoleOrigin, '', new Date(0)))
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
function cookieName(consoleOrigin: string): string {
  return isSecure(consoleOrigin) ? '__Host-patgate_session' : 'patgate_session'
}

function sessionCookie(consoleOrigin: string, value: string, expires: Date): string {
  return stringifySetCookie({
    name: cookieName(consoleOrigin),
    value,
    expires,
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(consoleOrigin)
  })
}

function isSecure(consoleOrigin: string): boolean {
  return consoleOrigin.startsWith('https://')
}
