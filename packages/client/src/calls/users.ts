import type {
  CreateUserBody,
  PatchUserBody,
  PutPasswordBody,
  UserBody,
  UserPage,
  UserWithPassword
} from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'
import { type Paging, pages } from '../pages.ts'

/** For administrators of the instance; one's own password for everybody. */
export interface UserCalls {
  create(user: CreateUserBody, options?: CallOptions): Promise<UserBody>
  list(paging?: Paging, options?: CallOptions): Promise<UserPage>
  pages(paging?: Paging, options?: CallOptions): AsyncGenerator<UserPage, void, undefined>
  get(id: string, options?: CallOptions): Promise<UserBody>
  /** A user who is disabled has no living session and no living token when this resolves. */
  patch(id: string, change: PatchUserBody, options?: CallOptions): Promise<UserBody>
  delete(id: string, options?: CallOptions): Promise<void>
  /** A new password, in this answer and in no other; ends the user's sessions. */
  resetPassword(id: string, options?: CallOptions): Promise<UserWithPassword>
  changeOwnPassword(passwords: PutPasswordBody, options?: CallOptions): Promise<UserBody>
}

export function userCalls(send: Send): UserCalls {
  const users = '/v1/users'
  const list: UserCalls['list'] = (paging, options) =>
    send({ ...options, method: 'GET', path: users, query: { ...paging } })
  return {
    create: (user, options) => send({ ...options, method: 'POST', path: users, body: user }),
    list,
    pages: (paging = {}, options) => pages(paging, (part) => list(part, options)),
    get: (id, options) => send({ ...options, method: 'GET', path: path`/v1/users/${id}` }),
    patch: (id, change, options) => send({ ...options, method: 'PATCH', path: path`/v1/users/${id}`, body: change }),
    delete: (id, options) => send({ ...options, method: 'DELETE', path: path`/v1/users/${id}` }),
    resetPassword: (id, options) => send({ ...options, method: 'POST', path: path`/v1/users/${id}/password-reset` }),
    changeOwnPassword: (passwords, options) =>
      send({ ...options, method: 'PUT', path: `${users}/me/password`, body: passwords })
  }
}
