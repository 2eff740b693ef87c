import { type PostgresPool, type PostgresPoolClient, sql } from 'kysely'
import type pg from 'pg'

const MARK = /\/\* prepared: ([a-z-]+) \*\//
/** The mark stands at the beginning, or right behind `select`: no long text is searched for it. */
const MARKED_WITHIN = 64

/**
 * SQL: marks a statement that PostgreSQL plans once per connection instead of at every call. For a few that are asked
 * all the time, whose plan is the same whatever their parameters are. Their text never varies, which `pg` checks by the name;
 * and they name their columns, because one that selects `*` fails on open connections once a migration adds a column.
 */
export function prepared(name: string) {
  return sql.raw(`/* prepared: ${name} */`)
}

/** The pool as Kysely sees it: statements with the mark go out under their name. */
export function preparingPool(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect()
      const preparing = known.get(client) ?? preparingClient(client)
      known.set(client, preparing)
      return preparing
    }
  }
}

function preparingClient(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, values: unknown[]): Promise<unknown> => {
    const name = MARK.exec(text.slice(0, MARKED_WITHIN))?.[1]
    return name === undefined ? client.query(text, values) : client.query({ name, text, values })
  }
  return { query: query as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) }
}
