import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Slugs of groups that are gone: whoever took one again would be taken for the group that upstreams and events know. */
export const deletedGroups: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`create table deleted_groups (
      slug text primary key,
      deleted_at timestamptz not null
    )`.execute(database)
  }
}
