import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Every filter is found by an index of its own. What is aimed at is looked for by its id alone, or by its type alone, so
 * one index over both would serve neither in the order of time.
 */
export const moreFilters: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`drop index audit_events_target`.execute(database)
    for (const column of ['target_type', 'target_id', 'operation', 'address']) {
      await sql`
        create index ${sql.id(`audit_events_${column}`)} on audit_events (${sql.id(column)}, time, id)
        where ${sql.id(column)} is not null
      `.execute(database)
    }
  }
}
