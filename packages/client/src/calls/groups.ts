import type { CreateGroupBody, GroupBody, GroupPage } from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'
import { type Paging, pages } from '../pages.ts'

export interface GroupCalls {
  /** The caller becomes the owner. */
  create(group: CreateGroupBody, options?: CallOptions): Promise<GroupBody>
  list(paging?: Paging, options?: CallOptions): Promise<GroupPage>
  pages(paging?: Paging, options?: CallOptions): AsyncGenerator<GroupPage, void, undefined>
  get(slug: string, options?: CallOptions): Promise<GroupBody>
}

export function groupCalls(send: Send): GroupCalls {
  const groups = '/v1/groups'
  const list: GroupCalls['list'] = (paging, options) =>
    send({ ...options, method: 'GET', path: groups, query: { ...paging } })
  return {
    create: (group, options) => send({ ...options, method: 'POST', path: groups, body: group }),
    list,
    pages: (paging = {}, options) => pages(paging, (part) => list(part, options)),
    get: (slug, options) => send({ ...options, method: 'GET', path: path`/v1/groups/${slug}` })
  }
}
