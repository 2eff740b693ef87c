import type { Migrations } from '@patgate/database'
import { auditLog } from './migrations/0001-audit-log.ts'

/** Every migration, by the name under which the database remembers that it ran. */
export const migrations: Migrations = {
  '0001-audit-log': auditLog
}
