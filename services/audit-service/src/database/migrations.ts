import type { Migrations } from '@patgate/database'
import { auditLog } from './migrations/0001-audit-log.ts'
import { merkleLog } from './migrations/0003-merkle-log.ts'
import { auditExports } from './migrations/0004-audit-exports.ts'
import { moreFilters } from './migrations/0005-more-filters.ts'
import { webhooks } from './migrations/0006-webhooks.ts'
import { boots } from './migrations/0007-boots.ts'
import { retention } from './migrations/0008-retention.ts'
import { fewerIndices } from './migrations/0009-fewer-indices.ts'
import { refusals } from './migrations/0010-refusals.ts'

/** Every migration, by the name under which the database remembers that it ran. */
export const migrations: Migrations = {
  '0001-audit-log': auditLog,
  '0003-merkle-log': merkleLog,
  '0004-audit-exports': auditExports,
  '0005-more-filters': moreFilters,
  '0006-webhooks': webhooks,
  '0007-boots': boots,
  '0008-retention': retention,
  '0009-fewer-indices': fewerIndices,
  '0010-refusals': refusals
}
