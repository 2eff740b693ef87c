import { AsyncLocalStorage } from 'node:async_hooks'
import type { Teardown } from '@patgate/test-kit'
import pg from 'pg'

/** Hears every statement that leaves for PostgreSQL, and knows on whose behalf. */
export interface StatementLog {
  /** What is sent while this work is done, and for it: nothing that the service does by itself meanwhile. */
  during<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly statements: readonly string[] }>
}

type Send = (this: pg.Client, ...args: unknown[]) => unknown

/** Stands in the real client's way of sending, for as long as the test runs. */
export function listenToStatements(t: Teardown): StatementLog {
  const current = new AsyncLocalStorage<string[]>()
  const { prototype } = pg.Client as unknown as { prototype: { query: Send } }
  const send = prototype.query
  prototype.query = function (this: pg.Client, ...args) {
    current.getStore()?.push(textOf(args[0]))
    return send.apply(this, args)
  }
  t.teardown(() => {
    prototype.query = send
  })
  return {
    async during(work) {
      const statements: string[] = []
      const result = await current.run(statements, work)
      return { result, statements }
    }
  }
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : 'no text'
}
