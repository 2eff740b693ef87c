import { migrateToLatest, openDatabase } from '@patgate/database'
import { readDatabaseUrl } from '../config.ts'
import { migrations } from './migrations.ts'

// Run by itself: brings the database of DATABASE_URL up to date and says what it did.
const database = openDatabase({ url: readDatabaseUrl(), poolSize: 1 })
try {
  const applied = await migrateToLatest(database, migrations)
  console.log(applied.length === 0 ? 'The token database is up to date' : `Applied ${applied.join(', ')}`)
} finally {
  await database.destroy()
}
