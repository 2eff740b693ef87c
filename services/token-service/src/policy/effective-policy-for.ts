import type { EffectivePolicyQuery, Policy } from '@patgate/contracts'
import { ANY } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { ownerInSight } from '../tokens/owner-in-sight.ts'
import { presentPolicyFor } from './policy-for.ts'

/**
 * What would be demanded of a token now, so that people can be told before they ask for what is refused. Groups in which
 * the caller has no role have no say here: what they demand is not the caller's to see.
 */
export async function effectivePolicyFor(
  database: Database,
  { owner, groups = '' }: EffectivePolicyQuery,
  principal: SessionPrincipal
): Promise<Policy> {
  const { ownerId, sight } = await ownerInSight(database, owner, principal)
  if (ownerId === null || sight !== 'whole') throw new Fault('not_found')
  const named = groups.split(',').filter((slug) => slug === ANY || principal.roles.has(slug) || principal.user.admin)
  return presentPolicyFor(database, { ownerId, groups: named })
}
