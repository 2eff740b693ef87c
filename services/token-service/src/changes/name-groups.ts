import type { AuditEvent } from '@patgate/contracts'
import type { Write } from '../database/schema.ts'

/**
 * Names the group of a bot in events about its tokens, so that whoever looks after the group sees them. Done where events
 * are sent and not where they are recorded: a revocation must not wait for it.
 */
export async function nameGroupsOfBots(transaction: Write, events: readonly AuditEvent[]): Promise<AuditEvent[]> {
  const owners = new Set(events.map(ownerWithoutGroup).filter((owner) => owner !== null))
  if (owners.size === 0) return [...events]
  const bots = await transaction
    .selectFrom('users')
    .select(['id', 'home_group'])
    .where('id', 'in', [...owners])
    .where('home_group', 'is not', null)
    .execute()
  const groups = new Map(bots.map(({ id, home_group }) => [id, home_group]))
  return events.map((event) => {
    const group = groups.get(ownerWithoutGroup(event) ?? '') ?? null
    return group === null ? event : { ...event, group }
  })
}

function ownerWithoutGroup({ group, target, details }: AuditEvent): string | null {
  const owner = details.owner_id
  return group === null && target?.type === 'token' && typeof owner === 'string' ? owner : null
}
