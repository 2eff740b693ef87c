import { consoleCookieName } from '@patgate/service-kit'
import { stringifySetCookie } from 'cookie'
import type { FastifyReply } from 'fastify'

/** Keeps a session in the browser, where no script can read it and no other site can send it (api.md, "Who may call"). */
export function setSessionCookie(reply: FastifyReply, consoleOrigin: string, token: string, expires: Date): void {
  reply.header('set-cookie', sessionCookie(consoleOrigin, token, expires))
}

export function clearSessionCookie(reply: FastifyReply, consoleOrigin: string): void {
  reply.header('set-cookie', sessionCookie(consoleOrigin, '', new Date(0)))
}

function sessionCookie(consoleOrigin: string, value: string, expires: Date): string {
  return stringifySetCookie({
    name: consoleCookieName(consoleOrigin),
    value,
    expires,
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: consoleOrigin.startsWith('https://')
  })
}
