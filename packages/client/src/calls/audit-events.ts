import type { AuditEvent, EventPage, EventProof, ListEventsQuery } from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'
import { pages } from '../pages.ts'

/** Newest first; an owner sees the events of their own tokens, maintainers those of their group, administrators all. */
export interface AuditEventCalls {
  list(query?: ListEventsQuery, options?: CallOptions): Promise<EventPage>
  pages(query?: ListEventsQuery, options?: CallOptions): AsyncGenerator<EventPage, void, undefined>
  get(id: string, options?: CallOptions): Promise<AuditEvent>
  /** That the event is in the signed log; 404 until a checkpoint covers it, a minute at most. */
  proof(id: string, options?: CallOptions): Promise<EventProof>
}

export function auditEventCalls(send: Send): AuditEventCalls {
  const list: AuditEventCalls['list'] = (query, options) =>
    send({ ...options, method: 'GET', path: '/v1/audit/events', query: { ...query } })
  return {
    list,
    pages: (query = {}, options) => pages(query, (part) => list(part, options)),
    get: (id, options) => send({ ...options, method: 'GET', path: path`/v1/audit/events/${id}` }),
    proof: (id, options) => send({ ...options, method: 'GET', path: path`/v1/audit/events/${id}/proof` })
  }
}
