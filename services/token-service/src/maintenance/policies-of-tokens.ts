import type { GroupPolicy, Policy } from '@patgate/contracts'
import { parseDuration } from '@patgate/domain'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import { NO_DEMANDS } from '../policy/built-in-policy.ts'
import { instancePolicy } from '../policy/policy-for.ts'
import { effectivePolicy } from '../policy/stricter-policy.ts'

/** All policies of an installation as of one moment, to look up those of many tokens. */
export interface Policies {
  readonly instance: Policy
  readonly groups: ReadonlyMap<string, GroupPolicy>
}

/** Few groups demand anything; only those are read. */
export async function readPolicies(database: Database): Promise<Policies> {
  const instance = await instancePolicy(database)
  const rows = await database
    .selectFrom('groups')
    .select(['slug', 'policy'])
    .where(sql<boolean>`policy <> '{}'`)
    .execute()
  return { instance, groups: new Map(rows.map(({ slug, policy }) => [slug, { ...NO_DEMANDS, ...policy }])) }
}

/** The policy in force for each token: the instance's, and that of every group that has a say (see `policyFor`). */
export async function policiesOfTokens(
  database: Database,
  { instance, groups }: Policies,
  tokenIds: readonly string[]
): Promise<(tokenId: string) => Policy> {
  if (groups.size === 0 || tokenIds.length === 0) return () => instance
  const { rows } = await sql<{ token_id: string; slugs: string[] }>`
    select token.id as token_id, array_agg(distinct governing.slug) as slugs
    from tokens token
    join users owner on owner.id = token.owner_id
    cross join lateral (
      select owner.home_group as slug
      union all
      select scopes.group_slug from scopes where scopes.token_id = token.id
      union all
      select memberships.group_slug from memberships where memberships.user_id = owner.id
        and exists (select from scopes where scopes.token_id = token.id and scopes.group_slug is null)
    ) governing
    where token.id = any(${tokenIds}::uuid[]) and governing.slug = any(${[...groups.keys()]}::text[])
    group by token.id`.execute(database)
  const byToken = new Map(
    rows.map(({ token_id, slugs }) => {
      const demands = slugs.map((slug) => groups.get(slug) ?? NO_DEMANDS)
      return [token_id, effectivePolicy(instance, demands)] as const
    })
  )
  return (tokenId) => byToken.get(tokenId) ?? instance
}

/** A notice before the expiry, as the policy writes it and in milliseconds. */
export interface Lead {
  readonly text: string
  readonly ms: number
}

/** The notices of a policy, the shortest first. */
export function leadsOf({ notify_before_expiry: notices }: Pick<Policy, 'notify_before_expiry'>): Lead[] {
  return notices.map((text) => ({ text, ms: parseDuration(text) ?? 0 })).sort((one, other) => one.ms - other.ms)
}
