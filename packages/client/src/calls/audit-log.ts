import type {
  AuditKeysBody,
  AuditStats,
  CheckpointPage,
  ConsistencyBody,
  ConsistencyQuery,
  EventFilters,
  ExportQuery,
  ExportTicket,
  StatsQuery
} from '@patgate/contracts'
import { type CallOptions, type ClientOptions, type Open, path, type Send, urlOf } from '../http.ts'
import type { Paging } from '../pages.ts'

/** The file itself; or, where it is too large to be sent at once, the place where it will be. */
export type RequestedExport =
  | { readonly kind: 'file'; readonly response: Response }
  | { readonly kind: 'ticket'; readonly ticket: ExportTicket }

/** The log as a whole: counted, followed, taken away, and proved. */
export interface AuditLogCalls {
  stats(query?: StatsQuery, options?: CallOptions): Promise<AuditStats>
  /**
   * Where new events come as server-sent events: for an `EventSource`, which sends the console's cookie and comes back by
   * itself where it was. Each message is an event as JSON.
   */
  tailUrl(filters?: EventFilters): string
  /** The answer of the tail, its body still to be read; for whoever shows a session. `lastEventId` goes on from there. */
  tail(filters?: EventFilters, options?: CallOptions & { readonly lastEventId?: string }): Promise<Response>
  /** Where a browser downloads an export; a large one answers a ticket instead. */
  exportUrl(query?: ExportQuery): string
  export(query?: ExportQuery, options?: CallOptions): Promise<RequestedExport>
  /** A large export, by the id of its ticket: the file once it is ready. */
  exported(id: string, options?: CallOptions): Promise<RequestedExport>
  /** The newest checkpoint, a C2SP signed note. Everybody may ask. */
  checkpoint(options?: CallOptions): Promise<string>
  checkpoints(query?: Paging, options?: CallOptions): Promise<CheckpointPage>
  consistency(sizes: ConsistencyQuery, options?: CallOptions): Promise<ConsistencyBody>
  /** The public keys that checkpoints are verified with. Everybody may ask. */
  keys(options?: CallOptions): Promise<AuditKeysBody>
}

export interface AuditLogCallDeps {
  readonly send: Send
  readonly open: Open
  readonly options: ClientOptions
}

const ACCEPTED = 202

export function auditLogCalls({ send, open, options: client }: AuditLogCallDeps): AuditLogCalls {
  const log = '/v1/audit'
  const fileOrTicket = async (response: Response): Promise<RequestedExport> =>
    response.status === ACCEPTED
      ? { kind: 'ticket', ticket: (await response.json()) as ExportTicket }
      : { kind: 'file', response }
  return {
    stats: (query, options) => send({ ...options, method: 'GET', path: `${log}/stats`, query: { ...query } }),
    tailUrl: (filters) => urlOf(client, `${log}/tail`, { ...filters }),
    tail(filters, { lastEventId, ...options } = {}) {
      const headers = {
        accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId })
      }
      return open({ ...options, method: 'GET', path: `${log}/tail`, query: { ...filters }, headers })
    },
    exportUrl: (query) => urlOf(client, `${log}/export`, { ...query }),
    export: async (query, options) =>
      fileOrTicket(await open({ ...options, method: 'GET', path: `${log}/export`, query: { ...query } })),
    exported: async (id, options) =>
      fileOrTicket(await open({ ...options, method: 'GET', path: path`/v1/audit/exports/${id}` })),
    checkpoint: async (options) => (await open({ ...options, method: 'GET', path: `${log}/checkpoint` })).text(),
    checkpoints: (query, options) =>
      send({ ...options, method: 'GET', path: `${log}/checkpoints`, query: { ...query } }),
    consistency: (sizes, options) =>
      send({ ...options, method: 'GET', path: `${log}/consistency`, query: { ...sizes } }),
    keys: (options) => send({ ...options, method: 'GET', path: '/.well-known/patgate-audit-key' })
  }
}
