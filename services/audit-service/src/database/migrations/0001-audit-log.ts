import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The log, how far each producer is stored in it, and what could not be stored (audit.md, "Durability"). */
export const auditLog: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`
      create table audit_head (
        only_row boolean primary key default true check (only_row),
        size bigint not null,
        last_received_at timestamptz not null
      )
    `.execute(database)
    await sql`insert into audit_head (size, last_received_at) values (0, 'epoch')`.execute(database)

    await sql`
      create table audit_events (
        leaf_index bigint not null,
        received_at timestamptz not null,
        id uuid not null,
        producer text not null,
        boot uuid not null,
        seq bigint not null,
        time timestamptz not null,
        type text not null,
        outcome text not null,
        actor_id uuid,
        token_id uuid,
        owner_id uuid,
        group_slug text,
        target_type text,
        target_id text,
        operation text,
        address text,
        event jsonb not null,
        primary key (received_at, leaf_index)
      ) partition by range (received_at)
    `.execute(database)
    // Never needed, because partitions are made ahead; a row that lands here is late, not lost.
    await sql`create table audit_events_default partition of audit_events default`.execute(database)

    await createIndices(database)

    await sql`
      create table audit_progress (
        producer text not null,
        boot uuid not null,
        contiguous_seq bigint not null,
        later int8multirange not null,
        updated_at timestamptz not null default now(),
        primary key (producer, boot)
      )
    `.execute(database)
    await sql`create index audit_progress_updated_at on audit_progress (updated_at)`.execute(database)

    await sql`
      create table parked_messages (
        digest bytea primary key,
        subject text not null,
        reason text not null,
        payload bytea not null,
        producer text,
        boot uuid,
        seq bigint,
        first_seen_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        times_seen integer not null default 1
      )
    `.execute(database)
  }
}

/**
 * Each filter has an index that ends in (time, id), so that a page is read in its order and the reading stops at the
 * limit, however many rows match. Columns that are mostly empty are indexed only where they are not.
 */
async function createIndices(database: Kysely<unknown>): Promise<void> {
  await sql`create index audit_events_leaf on audit_events (leaf_index)`.execute(database)
  await sql`create index audit_events_id on audit_events (id)`.execute(database)
  await sql`create index audit_events_time on audit_events (time, id)`.execute(database)
  await sql`create index audit_events_type on audit_events (type, time, id)`.execute(database)
  // Nearly every event is a success: those are found by time alone.
  await sql`
    create index audit_events_outcome on audit_events (outcome, time, id) where outcome <> 'success'
  `.execute(database)
  for (const column of ['actor_id', 'token_id', 'owner_id', 'group_slug']) {
    await sql`
      create index ${sql.id(`audit_events_${column}`)} on audit_events (${sql.id(column)}, time, id)
      where ${sql.id(column)} is not null
    `.execute(database)
  }
  await sql`
    create index audit_events_target on audit_events (target_type, target_id, time, id) where target_type is not null
  `.execute(database)
}
