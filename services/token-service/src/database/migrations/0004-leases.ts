import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Who keeps snapshots in memory, and up to which change (coherence.md, "Holders and leases"). */
export const leases: Migration = {
  async up(database: Kysely<unknown>) {
    // One sequence for all rows: a row that was removed and comes back never shows a number it had before, so whoever
    // read the old one cannot remove the new one by mistake.
    await sql`create sequence lease_renewals`.execute(database)
    // Logged like any other table: a lease that a crash of the database forgot would not be waited for.
    await sql`create table leases (
      holder uuid primary key,
      name text not null,
      kind text not null check (kind in ('gateway', 'token-service')),
      applied_seq bigint not null,
      grace_ms integer not null,
      renewals bigint not null default nextval('lease_renewals'),
      renewed_at timestamptz not null default now()
    ) with (fillfactor = 50)`.execute(database)
    // A message on the fast path names the change before it, so that a lost history is never taken for this one.
    await sql`alter table change_head add column prev_change_id uuid`.execute(database)
  }
}
