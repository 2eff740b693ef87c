import type {
  CreatedSession,
  CreateSessionBody,
  CurrentSession,
  DeriveSessionBody,
  SessionPage,
  SignInBody
} from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'
import { type Paging, pages } from '../pages.ts'

type Credentials = Omit<CreateSessionBody, 'cookie'>

export interface SessionCalls {
  /** How people sign in here, and who is signed in by the console's cookie; needs no credential. */
  signIn(options?: CallOptions): Promise<SignInBody>
  /** Signs in; the answer carries the session to present from now on. */
  create(credentials: Credentials, options?: CallOptions): Promise<CreatedSession>
  /** Signs in on the console listener; the browser keeps the session in a cookie that no script can read. */
  createInCookie(credentials: Credentials, options?: CallOptions): Promise<CurrentSession>
  /** From the console's cookie: a separate session for use elsewhere, shown once. The password again after 15 minutes. */
  derive(confirmation?: DeriveSessionBody, options?: CallOptions): Promise<CreatedSession>
  current(options?: CallOptions): Promise<CurrentSession>
  /** One's own that are alive. */
  list(paging?: Paging, options?: CallOptions): Promise<SessionPage>
  pages(paging?: Paging, options?: CallOptions): AsyncGenerator<SessionPage, void, undefined>
  /** Signs out; the session is dead everywhere at once. */
  end(options?: CallOptions): Promise<void>
  endOne(id: string, options?: CallOptions): Promise<void>
  /** All of one's own, the one that asks included. */
  endAll(options?: CallOptions): Promise<void>
}

export function sessionCalls(send: Send): SessionCalls {
  const sessions = '/v1/sessions'
  const list: SessionCalls['list'] = (paging, options) =>
    send({ ...options, method: 'GET', path: sessions, query: { ...paging } })
  return {
    signIn: (options) => send({ ...options, method: 'GET', path: '/v1/sign-in' }),
    create: (credentials, options) => send({ ...options, method: 'POST', path: sessions, body: credentials }),
    createInCookie: (credentials, options) =>
      send({ ...options, method: 'POST', path: sessions, body: { ...credentials, cookie: true } }),
    derive: (confirmation = {}, options) =>
      send({ ...options, method: 'POST', path: `${sessions}/derived`, body: confirmation }),
    current: (options) => send({ ...options, method: 'GET', path: `${sessions}/current` }),
    list,
    pages: (paging = {}, options) => pages(paging, (part) => list(part, options)),
    end: (options) => send({ ...options, method: 'DELETE', path: `${sessions}/current` }),
    endOne: (id, options) => send({ ...options, method: 'DELETE', path: path`/v1/sessions/${id}` }),
    endAll: (options) => send({ ...options, method: 'DELETE', path: sessions })
  }
}
