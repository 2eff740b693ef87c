import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'

// Any number will do, as long as every replica takes the same one.
const MAINTENANCE_LOCKS = 7_280_002

/**
 * Runs the work unless the same kind is being done by any replica now; answers null then. The lock is PostgreSQL's and
 * belongs to a connection: Redis may forget what runs, and a process that dies takes its lock along.
 */
export function oneAtATime<T>(database: Database, kind: string, work: () => Promise<T>): Promise<T | null> {
  const lock = sql`${MAINTENANCE_LOCKS}::int, hashtext(${kind})`
  return database.connection().execute(async (connection) => {
    const { rows } = await sql<{ is_mine: boolean }>`select pg_try_advisory_lock(${lock}) as is_mine`.execute(
      connection
    )
    if (rows[0]?.is_mine !== true) return null
    try {
      return await work()
    } finally {
      await sql`select pg_advisory_unlock(${lock})`.execute(connection)
    }
  })
}
