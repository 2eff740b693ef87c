import { type Role, ranksAtLeast } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Write } from '../database/schema.ts'

/**
 * The caller's role in a group, which stays theirs until the transaction ends; so does the group. 404 for strangers,
 * 403 for members who rank below `floor`, and for administrators, who see every group and have no rights in any.
 */
export async function assertRole(
  transaction: Write,
  slug: string,
  { user }: SessionPrincipal,
  floor: Role
): Promise<Role> {
  const group = await transaction
    .selectFrom('groups')
    .select('slug')
    .where('slug', '=', slug)
    .forShare()
    .executeTakeFirst()
  const membership = await transaction
    .selectFrom('memberships')
    .select('role')
    .where('group_slug', '=', slug)
    .where('user_id', '=', user.id)
    .forShare()
    .executeTakeFirst()
  if (group === undefined || (membership === undefined && !user.admin)) throw new Fault('not_found')
  if (membership === undefined || !ranksAtLeast(membership.role, floor)) {
    throw new Fault('forbidden', { detail: `This takes the role ${floor} in the group` })
  }
  return membership.role
}
