import type { Migrations } from '@patgate/database'
import { firstLight } from './migrations/0001-first-light.ts'
import { tokenLifeCycle } from './migrations/0002-token-life-cycle.ts'
import { peopleAndPolicies } from './migrations/0003-people-and-policies.ts'
import { leases } from './migrations/0004-leases.ts'
import { usageAndMaintenance } from './migrations/0005-usage-and-maintenance.ts'
import { lapsedLeases } from './migrations/0006-lapsed-leases.ts'
import { deletedGroups } from './migrations/0007-deleted-groups.ts'
import { channelClients } from './migrations/0008-channel-clients.ts'
import { tokenNames } from './migrations/0009-token-names.ts'

/** Every migration, by the name under which the database remembers that it ran. */
export const migrations: Migrations = {
  '0001-first-light': firstLight,
  '0002-token-life-cycle': tokenLifeCycle,
  '0003-people-and-policies': peopleAndPolicies,
  '0004-leases': leases,
  '0005-usage-and-maintenance': usageAndMaintenance,
  '0006-lapsed-leases': lapsedLeases,
  '0007-deleted-groups': deletedGroups,
  '0008-channel-clients': channelClients,
  '0009-token-names': tokenNames
}
