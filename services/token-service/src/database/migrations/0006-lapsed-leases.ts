import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** A gateway whose lease has lapsed may serve routes with `grace` for a while: what revokers say until when. */
export const lapsedLeases: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`alter table leases add column lapsed_at timestamptz`.execute(database)
  }
}
