import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** MQTT and NATS clients that are connected, and whose client ids are (channels.md, "MQTT and native NATS"). */
export const channelClients: Migration = {
  async up(database: Kysely<unknown>) {
    // No foreign keys: a connection is ended by what happens to its token, and must never hold that up.
    await sql`create table channel_connections (
      server_id text not null,
      cid bigint not null,
      token_id uuid not null,
      digest bytea not null,
      owner_id uuid not null,
      groups text[] not null,
      actor jsonb not null,
      protocol text not null,
      mqtt_client_id text,
      publish text[] not null,
      subscribe text[] not null,
      as_of bigint not null,
      admitted_at timestamptz not null,
      ends_at timestamptz not null,
      ending text,
      kicked_at timestamptz,
      gone_at timestamptz,
      primary key (server_id, cid)
    )`.execute(database)
    await sql`create index on channel_connections (digest)`.execute(database)
    await sql`create index on channel_connections (owner_id)`.execute(database)
    await sql`create index on channel_connections using gin (groups)`.execute(database)
    await sql`create index on channel_connections (ends_at)`.execute(database)
    await sql`create index on channel_connections (mqtt_client_id) where mqtt_client_id is not null`.execute(database)
    await sql`create index on channel_connections (kicked_at) where ending is not null`.execute(database)
    await sql`create table channel_client_ids (
      mqtt_client_id text primary key,
      owner_id uuid not null,
      bound_at timestamptz not null
    )`.execute(database)
  }
}
