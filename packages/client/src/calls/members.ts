import type { MemberBody, MemberPage, PutMemberBody } from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'
import { type Paging, pages } from '../pages.ts'

export interface MemberCalls {
  list(group: string, paging?: Paging, options?: CallOptions): Promise<MemberPage>
  pages(group: string, paging?: Paging, options?: CallOptions): AsyncGenerator<MemberPage, void, undefined>
  /** Adds a member or changes the role of one. */
  put(group: string, userId: string, member: PutMemberBody, options?: CallOptions): Promise<MemberBody>
  remove(group: string, userId: string, options?: CallOptions): Promise<void>
}

export function memberCalls(send: Send): MemberCalls {
  const list: MemberCalls['list'] = (group, paging, options) =>
    send({ ...options, method: 'GET', path: path`/v1/groups/${group}/members`, query: { ...paging } })
  return {
    list,
    pages: (group, paging = {}, options) => pages(paging, (part) => list(group, part, options)),
    put: (group, userId, member, options) =>
      send({ ...options, method: 'PUT', path: path`/v1/groups/${group}/members/${userId}`, body: member }),
    remove: (group, userId, options) =>
      send({ ...options, method: 'DELETE', path: path`/v1/groups/${group}/members/${userId}` })
  }
}
