import type { BotBody, BotPage, CreateBotBody, PatchBotBody } from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'
import { type Paging, pages } from '../pages.ts'

/** The service accounts of a group, for its maintainers and owners. */
export interface BotCalls {
  create(group: string, bot: CreateBotBody, options?: CallOptions): Promise<BotBody>
  list(group: string, paging?: Paging, options?: CallOptions): Promise<BotPage>
  pages(group: string, paging?: Paging, options?: CallOptions): AsyncGenerator<BotPage, void, undefined>
  patch(group: string, id: string, change: PatchBotBody, options?: CallOptions): Promise<BotBody>
  /** Ends its tokens. */
  delete(group: string, id: string, options?: CallOptions): Promise<void>
}

export function botCalls(send: Send): BotCalls {
  const list: BotCalls['list'] = (group, paging, options) =>
    send({ ...options, method: 'GET', path: path`/v1/groups/${group}/bots`, query: { ...paging } })
  return {
    create: (group, bot, options) =>
      send({ ...options, method: 'POST', path: path`/v1/groups/${group}/bots`, body: bot }),
    list,
    pages: (group, paging = {}, options) => pages(paging, (part) => list(group, part, options)),
    patch: (group, id, change, options) =>
      send({ ...options, method: 'PATCH', path: path`/v1/groups/${group}/bots/${id}`, body: change }),
    delete: (group, id, options) => send({ ...options, method: 'DELETE', path: path`/v1/groups/${group}/bots/${id}` })
  }
}
