import { type DemoAnswer, type DemoRequest, fieldsOf, methodNotAllowed, notFound } from './exchange.ts'
import type { Item, Store } from './store.ts'

/** `/api/groups/:group/dashboards` and `…/datasets`: the REST five, sharing, and a dataset's files. */
export function answerGroups(store: Store, request: DemoRequest, segments: string[]): DemoAnswer {
  const [group, kind, id, part, ...rest] = segments
  if (group === undefined || (kind !== 'dashboards' && kind !== 'datasets') || rest.length > 0) return notFound
  const collection = `${group}/${kind}`
  if (id === undefined) return answerCollection(store, request, collection)
  const item = store.find(collection, id)
  if (item === undefined) return notFound
  if (part === undefined) return answerItem(store, request, collection, item)
  if (part === 'share') return answerSharing(store, request, collection, item)
  if (part === 'files' && kind === 'datasets') return answerFiles(store, request, collection, item)
  return notFound
}

function answerCollection(store: Store, { method, body }: DemoRequest, collection: string): DemoAnswer {
  if (method === 'GET' || method === 'HEAD') return { status: 200, body: { items: store.list(collection) } }
  if (method === 'POST') return { status: 201, body: store.create(collection, { shared_with: [], ...fieldsOf(body) }) }
  return methodNotAllowed
}

function answerItem(store: Store, { method, body }: DemoRequest, collection: string, item: Item): DemoAnswer {
  if (method === 'GET' || method === 'HEAD') return { status: 200, body: item }
  if (method === 'PUT' || method === 'PATCH') {
    return { status: 200, body: store.update(collection, item.id, fieldsOf(body)) }
  }
  if (method === 'DELETE') {
    store.remove(collection, item.id)
    return { status: 204 }
  }
  return methodNotAllowed
}

function answerSharing(store: Store, { method, body }: DemoRequest, collection: string, item: Item): DemoAnswer {
  const sharedWith = Array.isArray(item.shared_with) ? item.shared_with : []
  const person = fieldsOf(body).with ?? 'everyone'
  if (method === 'POST') {
    return {
      status: 200,
      body: store.update(collection, item.id, { shared_with: [...new Set([...sharedWith, person])] })
    }
  }
  if (method === 'DELETE') return { status: 200, body: store.update(collection, item.id, { shared_with: [] }) }
  return methodNotAllowed
}

function answerFiles(store: Store, { method, body }: DemoRequest, collection: string, item: Item): DemoAnswer {
  const files = Array.isArray(item.files) ? item.files : []
  if (method === 'GET' || method === 'HEAD') return { status: 200, body: { items: files } }
  if (method === 'POST') {
    const file = fieldsOf(body).name ?? `file-${files.length + 1}`
    return { status: 201, body: store.update(collection, item.id, { files: [...files, file] }) }
  }
  return methodNotAllowed
}
