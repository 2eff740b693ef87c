import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Large exports: what was asked for, by whom, and how far it is. */
export const auditExports: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`
      create table audit_exports (
        id uuid primary key,
        caller jsonb not null,
        query jsonb not null,
        state text not null default 'waiting' check (state in ('waiting', 'ready', 'failed')),
        created_at timestamptz not null,
        finished_at timestamptz
      )
    `.execute(database)
  }
}
