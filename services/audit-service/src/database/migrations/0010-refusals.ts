import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Who was refused, with which token, in which group: what is asked of a log first. One filter's index would be read to its end
 * where the other leaves little or nothing of it. Few events are refusals, so these cost the others nothing.
 */
export const refusals: Migration = {
  async up(database: Kysely<unknown>) {
    for (const column of ['actor_id', 'token_id', 'group_slug']) {
      await sql`
        create index ${sql.id(`audit_events_${column}_outcome`)}
        on audit_events (${sql.id(column)}, outcome, time, id) where outcome <> 'success'`.execute(database)
    }
  }
}
