import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, type Committed, commitChange } from '../changes/record-change.ts'
import { assertMayGive, assertNotLastOwner, lockMembers } from './lock-members.ts'

export interface RemoveMemberInput {
  readonly caller: Caller
  readonly slug: string
  readonly userId: string
}

/**
 * Takes somebody out of a group: whatever they or their tokens could do there ends when this answers. Owners remove
 * anybody, everybody may leave, and the last owner stays.
 */
export function removeMember(deps: ChangeDeps, { caller, slug, userId }: RemoveMemberInput): Promise<Committed<null>> {
  const { principal, origin } = caller
  return commitChange(deps, async (transaction) => {
    const members = await lockMembers(transaction, slug)
    const leaving = members.get(userId)
    const isLeaving = userId === principal.user.id && leaving !== undefined
    if (!isLeaving) assertMayGive(principal, members, null)
    if (leaving === undefined) throw new Fault('not_found', { detail: 'There is no such member' })
    assertNotLastOwner(members, leaving)
    await transaction.deleteFrom('memberships').where('group_slug', '=', slug).where('user_id', '=', userId).execute()
    const event = {
      type: 'member.removed' as const,
      origin,
      target: { type: 'user', id: userId },
      group: slug,
      details: { previous_role: leaving.role }
    }
    return { result: null, changes: [{ selector: { owner_id: userId }, event }] }
  })
}
