export { type DatabaseOptions, openDatabase } from './database.ts'
export { type Migrations, migrateToLatest } from './migrate.ts'
