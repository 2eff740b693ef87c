import type { CreateGroupBody, GroupBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { commitChange } from '../changes/record-change.ts'
import { checkedPolicy } from '../policy/checked-policy.ts'
import type { PatchPolicyDeps } from '../policy/patch-policy.ts'
import { groupBody } from './group-body.ts'

/** Creates a group; its creator becomes its owner. A slug that is taken: 409. */
export async function createGroup(deps: PatchPolicyDeps, caller: Caller, body: CreateGroupBody): Promise<GroupBody> {
  const { principal, origin } = caller
  const { slug, name } = body
  const policy = checkedPolicy(body.policy ?? {}, deps.entityTypes, '/policy')
  const createdAt = new Date(deps.clock.now())
  await commitChange(deps, async (transaction) => {
    const inserted = await transaction
      .insertInto('groups')
      .values({ slug, name, created_at: createdAt, created_by: principal.user.id, policy: JSON.stringify(policy) })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .executeTakeFirst()
    if (inserted.numInsertedOrUpdatedRows === 0n) throw new Fault('conflict', { detail: 'The slug is taken' })
    await transaction
      .insertInto('memberships')
      .values({ group_slug: slug, user_id: principal.user.id, role: 'owner', since: createdAt })
      .execute()
    const target = { type: 'group', id: slug }
    const event = { type: 'group.created' as const, origin, target, group: slug, details: { name, policy } }
    return { result: null, changes: [{ selector: { owner_id: principal.user.id }, event }] }
  })
  return groupBody({ slug, name, created_at: createdAt, role: 'owner', policy })
}
