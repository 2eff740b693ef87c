import type {
  CreateGroupBody,
  GroupBody,
  GroupPage,
  GroupTokenBody,
  GroupTokenPage,
  PatchGroupBody
} from '@patgate/contracts'
import { type CallOptions, path, type RepeatableOptions, repeatable, type Send } from '../http.ts'
import { type Paging, pages } from '../pages.ts'

export interface GroupCalls {
  /** The caller becomes the owner. */
  create(group: CreateGroupBody, options?: CallOptions): Promise<GroupBody>
  list(paging?: Paging, options?: CallOptions): Promise<GroupPage>
  pages(paging?: Paging, options?: CallOptions): AsyncGenerator<GroupPage, void, undefined>
  get(slug: string, options?: CallOptions): Promise<GroupBody>
  patch(slug: string, change: PatchGroupBody, options?: CallOptions): Promise<GroupBody>
  /** Takes its bots and their tokens along. */
  delete(slug: string, options?: CallOptions): Promise<void>
  /** Whose tokens reach the group, for its maintainers and owners. */
  listTokens(slug: string, paging?: Paging, options?: CallOptions): Promise<GroupTokenPage>
  /** Ends a token's rights in this group, and nowhere else. */
  blockToken(slug: string, token: string, options?: RepeatableOptions): Promise<GroupTokenBody>
  unblockToken(slug: string, token: string, options?: CallOptions): Promise<void>
}

export function groupCalls(send: Send): GroupCalls {
  const groups = '/v1/groups'
  const list: GroupCalls['list'] = (paging, options) =>
    send({ ...options, method: 'GET', path: groups, query: { ...paging } })
  return {
    create: (group, options) => send({ ...options, method: 'POST', path: groups, body: group }),
    list,
    pages: (paging = {}, options) => pages(paging, (part) => list(part, options)),
    get: (slug, options) => send({ ...options, method: 'GET', path: path`/v1/groups/${slug}` }),
    patch: (slug, change, options) =>
      send({ ...options, method: 'PATCH', path: path`/v1/groups/${slug}`, body: change }),
    delete: (slug, options) => send({ ...options, method: 'DELETE', path: path`/v1/groups/${slug}` }),
    listTokens: (slug, paging, options) =>
      send({ ...options, method: 'GET', path: path`/v1/groups/${slug}/tokens`, query: { ...paging } }),
    blockToken: (slug, token, options) =>
      send({ ...repeatable(options), method: 'POST', path: path`/v1/groups/${slug}/tokens/${token}/block` }),
    unblockToken: (slug, token, options) =>
      send({ ...options, method: 'DELETE', path: path`/v1/groups/${slug}/tokens/${token}/block` })
  }
}
