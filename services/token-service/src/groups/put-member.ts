import type { MemberBody } from '@patgate/contracts'
import type { Role } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import { memberBody } from './list-members.ts'
import { assertMayGive, assertNotLastOwner, lockMembers } from './lock-members.ts'

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
    const members = await lockMembers(transaction, slug)
    assertMayGive(caller.principal, members, role)
    const user = await transaction
      .selectFrom('users')
      .select(['id', 'email', 'name'])
      .where('id', '=', userId)
      .where('kind', '=', 'human')
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    if (user === undefined) throw new Fault('not_found', { detail: 'There is no such user' })

    const before = members.get(userId)
    if (before?.role === role) return { result: memberBody({ ...user, ...before }), changes: [] }
    assertNotLastOwner(members, before)
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
