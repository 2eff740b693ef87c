import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'

/** Migrations by name; they run in the order of their names, forward only. */
export type Migrations = Readonly<Record<string, Migration>>

/**
 * Runs what has not run yet, under a lock, so that replicas may all start at once (running.md, "Operating").
 * Answers the names of the migrations that ran now.
 */
export async function migrateToLatest<Schema>(database: Kysely<Schema>, migrations: Migrations): Promise<string[]> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error, results } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}
