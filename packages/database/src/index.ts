export { type DatabaseOptions, openDatabase, openPool } from './database.ts'
export { type Migrations, migrateToLatest } from './migrate.ts'
export { andCommit, prepared } from './prepared.ts'
