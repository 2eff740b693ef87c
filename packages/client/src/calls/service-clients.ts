import type { CreateServiceClientBody, ServiceClientPage, ServiceClientWithSecret } from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'
import { type Paging, pages } from '../pages.ts'

/** Programs that introspect and exchange tokens, kept by administrators. */
export interface ServiceClientCalls {
  create(client: CreateServiceClientBody, options?: CallOptions): Promise<ServiceClientWithSecret>
  list(paging?: Paging, options?: CallOptions): Promise<ServiceClientPage>
  pages(paging?: Paging, options?: CallOptions): AsyncGenerator<ServiceClientPage, void, undefined>
  /** The old secret is dead when this resolves. */
  rotate(id: string, options?: CallOptions): Promise<ServiceClientWithSecret>
  delete(id: string, options?: CallOptions): Promise<void>
}

export function serviceClientCalls(send: Send): ServiceClientCalls {
  const clients = '/v1/service-clients'
  const list: ServiceClientCalls['list'] = (paging, options) =>
    send({ ...options, method: 'GET', path: clients, query: { ...paging } })
  return {
    create: (client, options) => send({ ...options, method: 'POST', path: clients, body: client }),
    list,
    pages: (paging = {}, options) => pages(paging, (part) => list(part, options)),
    rotate: (id, options) => send({ ...options, method: 'POST', path: path`/v1/service-clients/${id}/rotate` }),
    delete: (id, options) => send({ ...options, method: 'DELETE', path: path`/v1/service-clients/${id}` })
  }
}
