import type {
  CreateWebhookBody,
  DeadLetterPage,
  PatchWebhookBody,
  WebhookBody,
  WebhookPage,
  WebhookWithSecret
} from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'
import { type Paging, pages } from '../pages.ts'

/** Where events are sent to; for administrators. */
export interface WebhookCalls {
  /** The secret is in this answer and in no other. */
  create(webhook: CreateWebhookBody, options?: CallOptions): Promise<WebhookWithSecret>
  list(query?: Paging, options?: CallOptions): Promise<WebhookPage>
  pages(query?: Paging, options?: CallOptions): AsyncGenerator<WebhookPage, void, undefined>
  get(id: string, options?: CallOptions): Promise<WebhookBody>
  patch(id: string, changes: PatchWebhookBody, options?: CallOptions): Promise<WebhookBody>
  /** The secret before it signs beside the new one for a day. */
  rotate(id: string, options?: CallOptions): Promise<WebhookWithSecret>
  delete(id: string, options?: CallOptions): Promise<void>
  /** Events that were given up. */
  deadLetters(id: string, query?: Paging, options?: CallOptions): Promise<DeadLetterPage>
  retryDeadLetter(id: string, eventId: string, options?: CallOptions): Promise<void>
  discardDeadLetter(id: string, eventId: string, options?: CallOptions): Promise<void>
}

export function webhookCalls(send: Send): WebhookCalls {
  const webhooks = '/v1/webhooks'
  const list: WebhookCalls['list'] = (query, options) =>
    send({ ...options, method: 'GET', path: webhooks, query: { ...query } })
  return {
    create: (webhook, options) => send({ ...options, method: 'POST', path: webhooks, body: webhook }),
    list,
    pages: (query = {}, options) => pages(query, (part) => list(part, options)),
    get: (id, options) => send({ ...options, method: 'GET', path: path`/v1/webhooks/${id}` }),
    patch: (id, changes, options) =>
      send({ ...options, method: 'PATCH', path: path`/v1/webhooks/${id}`, body: changes }),
    rotate: (id, options) => send({ ...options, method: 'POST', path: path`/v1/webhooks/${id}/rotate` }),
    delete: (id, options) => send({ ...options, method: 'DELETE', path: path`/v1/webhooks/${id}` }),
    deadLetters: (id, query, options) =>
      send({ ...options, method: 'GET', path: path`/v1/webhooks/${id}/dead-letters`, query: { ...query } }),
    retryDeadLetter: (id, eventId, options) =>
      send({ ...options, method: 'POST', path: path`/v1/webhooks/${id}/dead-letters/${eventId}/retry` }),
    discardDeadLetter: (id, eventId, options) =>
      send({ ...options, method: 'DELETE', path: path`/v1/webhooks/${id}/dead-letters/${eventId}` })
  }
}
