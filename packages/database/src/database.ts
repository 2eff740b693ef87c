import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { pipelinedPool } from './pipelined-pool.ts'

export interface DatabaseOptions {
  /** A `postgres://` address. */
  readonly url: string
  readonly poolSize?: number
  /** Told of a connection that broke while idle; the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void
}

// Counters and sequence numbers stay far below 2^53, and a number is what every reader of them expects.
const INT8_OID = 20

/** Opens a pool of connections for what Kysely does not speak, such as COPY. Nothing is connected before the first query. */
export function openPool(options: DatabaseOptions): pg.Pool {
  return open(options, {})
}

/** Opens a database, with a pool of its own. */
export function openDatabase<Schema>(options: DatabaseOptions): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: pipelinedPool(open(options, { pipeline: true })) })
  })
}

function open(options: DatabaseOptions, settings: pg.PoolConfig & { pipeline?: boolean }): pg.Pool {
  const pool = new pg.Pool({
    ...settings,
    connectionString: options.url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: 5_000,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === INT8_OID ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser
    }
  })
  pool.on('error', (error) => options.onIdleError?.(error))
  // A connection that breaks while it is lent out fails the query in hand, or the next one; without a listener the
  // event itself would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
