import type { CreatedSession, CreateSessionBody, CurrentSession } from '@patgate/contracts'
import type { CallOptions, Send } from '../http.ts'

type Credentials = Omit<CreateSessionBody, 'cookie'>

export interface SessionCalls {
  /** Signs in; the answer carries the session to present from now on. */
  create(credentials: Credentials, options?: CallOptions): Promise<CreatedSession>
  /** Signs in on the console listener; the browser keeps the session in a cookie that no script can read. */
  createInCookie(credentials: Credentials, options?: CallOptions): Promise<CurrentSession>
  current(options?: CallOptions): Promise<CurrentSession>
  /** Signs out; the session is dead everywhere at once. */
  end(options?: CallOptions): Promise<void>
}

export function sessionCalls(send: Send): SessionCalls {
  const sessions = '/v1/sessions'
  return {
    create: (credentials, options) => send({ ...options, method: 'POST', path: sessions, body: credentials }),
    createInCookie: (credentials, options) =>
      send({ ...options, method: 'POST', path: sessions, body: { ...credentials, cookie: true } }),
    current: (options) => send({ ...options, method: 'GET', path: `${sessions}/current` }),
    end: (options) => send({ ...options, method: 'DELETE', path: `${sessions}/current` })
  }
}
