import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The tree over the log, and what was signed of it (audit.md, "The Merkle log"). */
export const merkleLog: Migration = {
  async up(database: Kysely<unknown>) {
    // Hashes of a tile one behind the other. They outlive the events: retention drops partitions, never tiles.
    await sql`
      create table audit_tiles (
        level smallint not null,
        index bigint not null,
        hashes bytea not null,
        primary key (level, index)
      )
    `.execute(database)
    // Hashes do not compress; trying to would cost time with every batch.
    await sql`alter table audit_tiles alter column hashes set storage external`.execute(database)

    await sql`
      create table audit_checkpoints (
        tree_size bigint primary key,
        root bytea not null,
        note text not null,
        created_at timestamptz not null
      )
    `.execute(database)
  }
}
