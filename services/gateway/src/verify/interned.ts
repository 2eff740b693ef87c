import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/**
 * Keeps one value for equal texts, so that a million tokens with the same few thousand scope sets, roles and owners share
 * them. What is pushed out is merely not shared with those that come later.
 */
export interface Interned<T extends object> {
  for(text: string, create: () => T): T
}

const MOST_VALUES = 100_000

export function intern<T extends object>(): Interned<T> {
  const values = new LRUCache<string, T>({ max: MOST_VALUES })
  return {
    for(text, create) {
      // A text may be as long as two hundred scopes; what is kept of it need not be.
      const key = hash('sha256', text, 'base64')
      const known = values.get(key)
      if (known !== undefined) return known
      const created = create()
      values.set(key, created)
      return created
    }
  }
}
