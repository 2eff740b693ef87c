import { type DemoAnswer, type DemoRequest, fieldsOf, methodNotAllowed, notFound } from './exchange.ts'
import type { Store } from './store.ts'

/** `/api/v3/data/:base/:table/records[/:id]`, the way NocoDB addresses the rows of a table. */
export function answerRecords(store: Store, request: DemoRequest, segments: string[]): DemoAnswer {
  const [area, base, table, records, id, ...rest] = segments
  if (area !== 'data' || base === undefined || table === undefined || records !== 'records' || rest.length > 0)
    return notFound
  const collection = `${base}/${table}/records`
  return id === undefined ? answerTable(store, request, collection) : answerRecord(store, request, collection, id)
}

function answerTable(store: Store, { method, body }: DemoRequest, collection: string): DemoAnswer {
  if (method === 'GET' || method === 'HEAD')
    return { status: 200, body: { records: store.list(collection), next: null } }
  if (method === 'POST')
    return { status: 200, body: { records: rowsOf(body).map((row) => store.create(collection, row)) } }
  if (method === 'PATCH') {
    const changed = rowsOf(body).map((row) => store.update(collection, String(row.id), row))
    return { status: 200, body: { records: changed.filter((row) => row !== undefined) } }
  }
  if (method === 'DELETE') {
    const removed = rowsOf(body).filter((row) => store.remove(collection, String(row.id)))
    return { status: 200, body: { records: removed.map(({ id }) => ({ id, deleted: true })) } }
  }
  return methodNotAllowed
}

function answerRecord(store: Store, { method, body }: DemoRequest, collection: string, id: string): DemoAnswer {
  if (method === 'GET' || method === 'HEAD') return found(store.find(collection, id))
  if (method === 'PATCH') return found(store.update(collection, id, fieldsOf(body)))
  if (method === 'DELETE') return store.remove(collection, id) ? { status: 200, body: { id, deleted: true } } : notFound
  return methodNotAllowed
}

function found(record: object | undefined): DemoAnswer {
  return record === undefined ? notFound : { status: 200, body: record }
}

/** One row or a list of them, as NocoDB accepts. */
function rowsOf(body: unknown): Record<string, unknown>[] {
  return Array.isArray(body) ? body.map(fieldsOf) : [fieldsOf(body)]
}
