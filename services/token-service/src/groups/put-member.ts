import type { MemberBody } from '@patgate/contracts'
import { type Role, ranksAtLeast } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import type { SessionPrincipal } from '../authentication/principal.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { memberBody } from './list-members.ts'

export interface PutMemberInput {
  readonly caller: Caller
  readonly slug: string
  readonly userId: string
  readonly role: Role
}

/**
 * Makes somebody a member, or changes their role. Owners manage members; nobody gives more than their own role, and
 * the last owner stays one (api.md, "Groups, members, bots, users").
 */
export async function putMember(deps: ChangeDeps, { caller, slug, userId, role }: PutMemberInput): Promise<MemberBody> {
  const { result } = await commitChange(deps, async (transaction) => {
    const roles = await lockRoles(transaction, slug)
    assertMayGive(caller.principal, roles, role)
    const user = await transaction
      .selectFrom('users')
      .select(['id', 'email', 'name'])
      .where('id', '=', userId)
      .where('kind', '=', 'human')
      .executeTakeFirst()
    if (user === undefined) throw new Fault('not_found', { detail: 'There is no such user' })

    const before = roles.get(userId)
    if (before?.role === role) return { result: memberBody({ ...user, ...before }), changes: [] }
    if (before?.role === 'owner' && countOwners(roles) === 1) {
      throw new Fault('conflict', { detail: 'A group keeps at least one owner' })
    }
    const since = before?.since ?? new Date(deps.clock.now())
    await transaction
      .insertInto('memberships')
      .values({ group_slug: slug, user_id: userId, role, since })
      .onConflict((conflict) => conflict.columns(['group_slug', 'user_id']).doUpdateSet({ role }))
      .execute()
    const event = {
      type: before === undefined ? ('member.added' as const) : ('member.updated' as const),
      origin: caller.origin,
      target: { type: 'user', id: userId },
      group: slug,
      details: { role, previous_role: before?.role ?? null }
    }
    return { result: memberBody({ ...user, role, since }), changes: [{ selector: { owner_id: userId }, event }] }
  })
  return result
}

type Roles = ReadonlyMap<string, { readonly role: Role; readonly since: Date }>

/** Every role in a group, with the group locked, so that two owners cannot demote each other at once. */
async function lockRoles(transaction: Write, slug: string): Promise<Roles> {
  await transaction.selectFrom('groups').select('slug').where('slug', '=', slug).forNoKeyUpdate().execute()
  const rows = await transaction
    .selectFrom('memberships')
    .select(['user_id', 'role', 'since'])
    .where('group_slug', '=', slug)
    .execute()
  return new Map(rows.map(({ user_id, role, since }) => [user_id, { role, since }]))
}

/** To a stranger the group does not exist; an administrator sees it, and has no rights in it all the same. */
function assertMayGive({ user }: SessionPrincipal, roles: Roles, role: Role): void {
  const own = roles.get(user.id)?.role
  if (own === undefined && !(user.admin && roles.size > 0)) throw new Fault('not_found')
  if (own !== 'owner') throw new Fault('forbidden', { detail: 'Only owners of the group manage its members' })
  if (!ranksAtLeast(own, role)) throw new Fault('forbidden', { detail: 'Nobody gives more than their own role' })
}

function countOwners(roles: Roles): number {
  return [...roles.values()].filter(({ role }) => role === 'owner').length
}
