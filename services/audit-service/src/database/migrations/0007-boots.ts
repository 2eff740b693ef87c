import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What is known of each boot of each producer beside its stored events, so that what is missing is noticed. */
export const boots: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`
      create table audit_boots (
        producer text not null,
        boot uuid not null,
        heard_at timestamptz not null default now(),
        told_seq bigint not null default 0,
        has_begun boolean not null default false,
        has_stopped boolean not null default false,
        successor uuid,
        is_tail_unknown boolean not null default false,
        raised text,
        primary key (producer, boot)
      )
    `.execute(database)
  }
}
