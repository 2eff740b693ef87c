import type { CreateGroupBody, GroupBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { commitChange } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { checkedPolicy } from '../policy/checked-policy.ts'
import type { PatchPolicyDeps } from '../policy/patch-policy.ts'
import { groupBody } from './group-body.ts'

/**
 * Creates a group; its creator becomes its owner. A slug that is taken: 409, and so is one that a deleted group had, except
 * for administrators: upstreams and the audit log still know that group by it.
 */
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
    if (!(await mayHave(transaction, slug, caller))) {
      throw new Fault('conflict', {
        detail: 'The slug belonged to a group that was deleted; an administrator may take it'
      })
    }
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

/** Asked after the slug was taken: whoever deletes the group of that name has done so by now, or has not begun. */
async function mayHave(transaction: Write, slug: string, { principal }: Caller): Promise<boolean> {
  if (!principal.user.admin) {
    const found = await transaction
      .selectFrom('deleted_groups')
      .select('slug')
      .where('slug', '=', slug)
      .executeTakeFirst()
    return found === undefined
  }
  await transaction.deleteFrom('deleted_groups').where('slug', '=', slug).execute()
  return true
}
