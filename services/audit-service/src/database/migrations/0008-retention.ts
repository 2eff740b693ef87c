import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Where the log begins since retention removed what was before (audit.md, "Retention"). */
export const retention: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`alter table audit_head add column first_leaf bigint not null default 0`.execute(database)
  }
}
