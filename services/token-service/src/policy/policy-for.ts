import type { GroupPolicy, Policy } from '@patgate/contracts'
import { ANY } from '@patgate/domain'
import type { Database, Write } from '../database/schema.ts'
import { BUILT_IN_POLICY, NO_DEMANDS } from './built-in-policy.ts'
import { effectivePolicy } from './stricter-policy.ts'

export interface PolicyQuestion {
  readonly ownerId: string
  /** The groups that the token's scopes name; `*` stands for every group of the owner. */
  readonly groups: Iterable<string>
}

/**
 * The policy for a token that is being made or woken: the instance's, and that of each group which has a say (api.md,
 * "policy"): those that scopes name, all of the owner's for `*`, and a bot's own. Nobody can change it before the
 * transaction ends. It locks groups, so call it before memberships or tokens are locked.
 */
export function policyFor(transaction: Write, question: PolicyQuestion): Promise<Policy> {
  return find(transaction, question, true)
}

/** The same without a lock, for what may as well look a moment later: notices, purges, answers. */
export function presentPolicyFor(database: Database, question: PolicyQuestion): Promise<Policy> {
  return find(database, question, false)
}

/** The instance's own policy: the built-in one, with what administrators have set. */
export async function instancePolicy(database: Database, isLocked = false): Promise<Policy> {
  const row = await database
    .selectFrom('instance_policy')
    .select('policy')
    .$if(isLocked, (query) => query.forShare())
    .executeTakeFirstOrThrow()
  return { ...BUILT_IN_POLICY, ...row.policy }
}

async function find(database: Database, { ownerId, groups }: PolicyQuestion, isLocked: boolean): Promise<Policy> {
  const instance = await instancePolicy(database, isLocked)
  const slugs = await slugsOf(database, ownerId, new Set(groups))
  if (slugs.length === 0) return effectivePolicy(instance, [])
  const rows = await database
    .selectFrom('groups')
    .select('policy')
    .where('slug', 'in', slugs)
    .orderBy('slug')
    .$if(isLocked, (query) => query.forShare())
    .execute()
  return effectivePolicy(
    instance,
    rows.map(({ policy }): GroupPolicy => ({ ...NO_DEMANDS, ...policy }))
  )
}

async function slugsOf(database: Database, ownerId: string, named: Set<string>): Promise<string[]> {
  const owner = await database.selectFrom('users').select('home_group').where('id', '=', ownerId).executeTakeFirst()
  if (owner?.home_group) named.add(owner.home_group)
  if (named.delete(ANY)) {
    const memberships = await database
      .selectFrom('memberships')
      .select('group_slug')
      .where('user_id', '=', ownerId)
      .execute()
    for (const { group_slug } of memberships) named.add(group_slug)
  }
  return [...named]
}
