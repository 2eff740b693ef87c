import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What recurring work goes by, and what tokens did. */
export const usageAndMaintenance: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of [...sweeping, ...listing, ...notices, ...usage]) await statement.execute(database)
  }
}

const sweeping = [
  // The id belongs to the order: a batch goes on where the one before it ended, and does not step over its dead rows.
  sql`drop index tokens_to_sweep`,
  sql`create index tokens_to_sweep on tokens (expires_at, id) where expiry_recorded_at is null and revoked_at is null`,
  sql`create index tokens_ended on tokens (coalesce(revoked_at, expires_at), id)
    where revoked_at is not null or expiry_recorded_at is not null`,
  sql`create index sessions_over on sessions (least(ended_at, expires_at))`
]

// What lists filter by stands in the indices they go along, so that counting to 10,000 reads no token.
const listing = [
  sql`drop index tokens_owner`,
  sql`create index tokens_owner on tokens (owner_id, created_at desc, id desc) include (name, expires_at, revoked_at)`,
  sql`drop index tokens_newest`,
  sql`create index tokens_newest on tokens (created_at desc, id desc) include (name, expires_at, revoked_at)`,
  sql`create index tokens_revoked on tokens (created_at desc, id desc) include (name) where revoked_at is not null`,
  sql`create index tokens_expiry on tokens (expires_at) include (created_at, id) where revoked_at is null`,
  // Finds a part of a name among those of all owners; an installation without the extension does it more slowly.
  sql`do $$ begin
    if exists (select from pg_available_extensions where name = 'pg_trgm') then
      create extension if not exists pg_trgm;
      create index tokens_name on tokens using gin (name gin_trgm_ops);
    end if;
  exception when insufficient_privilege then null;
  end $$`,
  // Room on each page, so that a new time of last use touches no index.
  sql`alter table tokens set (fillfactor = 85)`,
  sql`alter table secrets set (fillfactor = 85)`
]

const notices = [
  sql`create table expiry_notices (
    token_id uuid not null references tokens on delete cascade,
    expires_at timestamptz not null,
    lead_ms bigint not null check (lead_ms > 0),
    given_at timestamptz not null,
    primary key (token_id, expires_at, lead_ms)
  )`,
  sql`create table mails (
    id uuid primary key,
    recipient text not null,
    subject text not null,
    text text not null,
    created_at timestamptz not null,
    due_at timestamptz not null,
    attempts integer not null default 0,
    last_error text
  )`,
  sql`create index mails_due on mails (due_at)`
]

const usage = [
  sql`create table token_usage (
    token_id uuid not null,
    day date not null,
    group_slug text not null,
    entity_type text not null,
    entity_id text not null,
    operation text not null,
    count bigint not null check (count > 0),
    first_at timestamptz not null,
    last_at timestamptz not null,
    primary key (token_id, day, group_slug, entity_type, entity_id, operation)
  ) with (fillfactor = 85)`,
  sql`create index token_usage_day on token_usage using brin (day)`,
  sql`create table token_addresses (
    token_id uuid not null,
    day date not null,
    address text not null,
    network text not null,
    count bigint not null check (count > 0),
    first_at timestamptz not null,
    last_at timestamptz not null,
    primary key (token_id, day, address)
  ) with (fillfactor = 85)`,
  sql`create index token_addresses_day on token_addresses using brin (day)`,
  sql`create table address_notices (
    token_id uuid not null,
    day date not null,
    primary key (token_id, day)
  )`,
  sql`create table usage_reports (
    boot uuid not null,
    flush bigint not null,
    received_at timestamptz not null default now(),
    primary key (boot, flush)
  )`,
  sql`create index usage_reports_age on usage_reports using brin (received_at)`
]
