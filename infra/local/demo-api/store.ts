import { randomUUID } from 'node:crypto'

/** A thing of the demo: an id, what the caller gave, and with whom it is shared. */
export interface Item {
  id: string
  [field: string]: unknown
}

/** Named collections of items; each group sees its own. */
export interface Store {
  list(collection: string): Item[]
  find(collection: string, id: string): Item | undefined
  create(collection: string, fields: Record<string, unknown>): Item
  update(collection: string, id: string, fields: Record<string, unknown>): Item | undefined
  remove(collection: string, id: string): boolean
}

/** A store whose collections begin with the items that `seed` gives for their name. */
export function createStore(seed: (collection: string) => Item[]): Store {
  const collections = new Map<string, Map<string, Item>>()

  function items(collection: string): Map<string, Item> {
    let found = collections.get(collection)
    if (found === undefined) {
      found = new Map(seed(collection).map((item) => [item.id, item]))
      collections.set(collection, found)
    }
    return found
  }

  return {
    list: (collection) => [...items(collection).values()],
    find: (collection, id) => items(collection).get(id),
    create(collection, fields) {
      const id = typeof fields.id === 'string' ? fields.id : randomUUID()
      const item = { ...fields, id }
      items(collection).set(id, item)
      return item
    },
    update(collection, id, fields) {
      const item = items(collection).get(id)
      if (item === undefined) return undefined
      const changed = { ...item, ...fields, id }
      items(collection).set(id, changed)
      return changed
    },
    remove: (collection, id) => items(collection).delete(id)
  }
}
