import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Every index costs each event: what nobody asks for goes. Leaves are found by their own index, and written once because
 * one writer at a time gives them out.
 */
export const fewerIndices: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`alter table audit_events drop constraint audit_events_pkey`.execute(database)
  }
}
