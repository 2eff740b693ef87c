import type { ReadinessChecks } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { Database } from './database/schema.ts'

/**
 * Ready means: can decide. That takes the database and nothing else; with NATS or Redis down this service is slower
 * to tell and to sweep, and still right (coherence.md, "The promise", 6).
 */
export function buildOpsChecks({ database }: { readonly database: Database }): ReadinessChecks {
  return {
    database: async () => (await sql`select 1 from change_head`.execute(database)).rows.length === 1
  }
}
