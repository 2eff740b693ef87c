import { migrateToLatest, openDatabase } from '@patgate/database'
import type { DatabaseTemplate } from '@patgate/test-kit'
import { migrations } from '../../src/database/migrations.ts'

/** This service's database as a first start leaves it: without a row of its own. */
export const MIGRATED: DatabaseTemplate = {
  name: 'migrated_token_service',
  async prepare(databaseUrl) {
    const database = openDatabase({ url: databaseUrl, poolSize: 1 })
    await migrateToLatest(database, migrations)
    await database.destroy()
  }
}
