import type { PatchPolicyBody, Policy } from '@patgate/contracts'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { EntityTypes } from '../tokens/granted-scopes.ts'
import { BUILT_IN_POLICY } from './built-in-policy.ts'
import { checkedPolicy } from './checked-policy.ts'
import { policyDifference, policyUpdated } from './policy-change.ts'

export interface PatchPolicyDeps extends ChangeDeps {
  readonly entityTypes: EntityTypes
}

/** Changes what the instance demands of every token, from this moment; what is left out stays. */
export async function patchPolicy(deps: PatchPolicyDeps, { origin }: Caller, body: PatchPolicyBody): Promise<Policy> {
  const wish = checkedPolicy(body, deps.entityTypes)
  const { result } = await commitChange(deps, async (transaction) => {
    const row = await transaction
      .selectFrom('instance_policy')
      .select('policy')
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow()
    const before: Policy = { ...BUILT_IN_POLICY, ...row.policy }
    const after: Policy = { ...before, ...wish }
    const difference = policyDifference({ before, after })
    if (difference === null) return { result: before, changes: [] }
    const policy = JSON.stringify({ ...row.policy, ...wish })
    await transaction.updateTable('instance_policy').set({ policy }).execute()
    const event = policyUpdated(difference, origin, null)
    return { result: after, changes: [{ selector: { all: true }, event }] }
  })
  return result
}
