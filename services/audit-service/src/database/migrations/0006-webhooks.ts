import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Where events are sent to, how far each of them is, and what has to be sent again or was given up (audit.md, "Out"). */
export const webhooks: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`
      create table webhooks (
        id uuid primary key,
        name text not null,
        kind text not null check (kind in ('webhook', 'ndjson', 'syslog')),
        url text not null,
        filter jsonb not null,
        header_names text[] not null,
        sealed bytea not null,
        enabled boolean not null,
        disabled_reason text,
        created_at timestamptz not null,
        created_by uuid not null,
        updated_at timestamptz not null,
        next_leaf bigint not null,
        failures_in_a_row integer not null default 0,
        last_delivered_at timestamptz,
        last_failed_at timestamptz,
        last_failure text
      )
    `.execute(database)
    await sql`
      create table webhook_deliveries (
        webhook_id uuid not null references webhooks on delete cascade,
        leaf_index bigint not null,
        event_id uuid not null,
        state text not null check (state in ('retrying', 'dead')),
        attempts integer not null,
        failed_at timestamptz not null,
        failure text not null,
        primary key (webhook_id, leaf_index)
      )
    `.execute(database)
    await sql`create index webhook_deliveries_state on webhook_deliveries (webhook_id, state, leaf_index)`.execute(
      database
    )
  }
}
