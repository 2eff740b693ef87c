import type { GroupBody, GroupPolicy, PatchGroupBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type Change, commitChange } from '../changes/record-change.ts'
import { NO_DEMANDS } from '../policy/built-in-policy.ts'
import { checkedPolicy } from '../policy/checked-policy.ts'
import type { PatchPolicyDeps } from '../policy/patch-policy.ts'
import { policyDifference, policyUpdated } from '../policy/policy-change.ts'
import { groupBody } from './group-body.ts'
import { assertRole } from './role-in-group.ts'

export interface PatchGroupInput {
  readonly caller: Caller
  readonly slug: string
  readonly body: PatchGroupBody
}

/** Renames a group or changes what it demands of tokens, for its owners; what is left out stays. */
export async function patchGroup(deps: PatchPolicyDeps, { caller, slug, body }: PatchGroupInput): Promise<GroupBody> {
  const wish = checkedPolicy(body.policy ?? {}, deps.entityTypes, '/policy')
  const { result } = await commitChange(deps, async (transaction) => {
    const group = await transaction
      .selectFrom('groups')
      .select(['name', 'policy', 'created_at'])
      .where('slug', '=', slug)
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (group === undefined) throw new Fault('not_found')
    const role = await assertRole(transaction, slug, caller.principal, 'owner')
    const name = body.name ?? group.name
    const policy = { ...group.policy, ...wish }
    const changes = changesOf(slug, caller, { name: group.name, policy: group.policy }, { name, policy })
    if (changes.length > 0) {
      await transaction
        .updateTable('groups')
        .set({ name, policy: JSON.stringify(policy) })
        .where('slug', '=', slug)
        .execute()
    }
    return { result: groupBody({ slug, name, policy, role, created_at: group.created_at }), changes }
  })
  return result
}

interface Described {
  readonly name: string
  readonly policy: Partial<GroupPolicy>
}

function changesOf(slug: string, { origin }: Caller, before: Described, after: Described): Change[] {
  const changes: Change[] = []
  if (before.name !== after.name) {
    const details = { name: after.name, previous_name: before.name }
    const target = { type: 'group', id: slug }
    changes.push({ selector: null, event: { type: 'group.updated', origin, target, group: slug, details } })
  }
  const difference = policyDifference({
    before: { ...NO_DEMANDS, ...before.policy },
    after: { ...NO_DEMANDS, ...after.policy }
  })
  if (difference !== null) {
    changes.push({ selector: { group_slug: slug }, event: policyUpdated(difference, origin, slug) })
  }
  return changes
}
