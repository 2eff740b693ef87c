import { type Role, ranksAtLeast } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Write } from '../database/schema.ts'

export interface Membership {
  readonly role: Role
  readonly since: Date
  /** False for somebody who is disabled, and therefore cannot look after the group. */
  readonly isAble: boolean
}

/** The people of a group, by their ids. */
export type Members = ReadonlyMap<string, Membership>

/** Every person's role in a group, with the group locked, so that two owners cannot demote each other at once. */
export async function lockMembers(transaction: Write, slug: string): Promise<Members> {
  const group = await transaction
    .selectFrom('groups')
    .select('slug')
    .where('slug', '=', slug)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (group === undefined) throw new Fault('not_found')
  const rows = await transaction
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select(['user_id', 'role', 'since', 'disabled_at'])
    .where('group_slug', '=', slug)
    .where('users.kind', '=', 'human')
    .execute()
  return new Map(rows.map(({ user_id, role, since, disabled_at }) => [user_id, { role, since, isAble: !disabled_at }]))
}

/**
 * Who manages members is an owner, and gives no more than their own role. To a stranger the group does not exist; an
 * administrator sees it and has no rights in it, except to appoint an owner where nobody is left to do so.
 */
export function assertMayGive({ user }: SessionPrincipal, members: Members, role: Role | null): void {
  const own = members.get(user.id)?.role
  if (own === undefined && !user.admin) throw new Fault('not_found')
  if (user.admin && role === 'owner' && countOwners(members) === 0) return
  if (own !== 'owner') throw new Fault('forbidden', { detail: 'Only owners of the group manage its members' })
  if (role !== null && !ranksAtLeast(own, role)) {
    throw new Fault('forbidden', { detail: 'Nobody gives more than their own role' })
  }
}

/** 409 when the group would be left without an owner by the end of this one. */
export function assertNotLastOwner(members: Members, leaving: Membership | undefined): void {
  if (leaving?.role !== 'owner' || !leaving.isAble || countOwners(members) > 1) return
  throw new Fault('conflict', { detail: 'A group keeps at least one owner' })
}

function countOwners(members: Members): number {
  return [...members.values()].filter(({ role, isAble }) => role === 'owner' && isAble).length
}
