import type { Policy } from '@patgate/contracts'
import { parseDuration, type Scope } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { Write } from '../database/schema.ts'

/** How long a secret lives: from when it was issued to its end, null for never. */
export interface Lifetime {
  readonly issuedAtMs: number
  readonly expiresAtMs: number | null
}

/** 403 for a lifetime that policy forbids; nothing is ever shortened in silence (api.md, "policy"). */
export function assertLifetime(policy: Policy, { issuedAtMs, expiresAtMs }: Lifetime): void {
  const longestMs = longestLifetimeMs(policy)
  if (expiresAtMs === null) {
    if (policy.require_expiry) throw violation('A token must have an expiry')
    if (longestMs !== null) throw violation(`A token may live for ${policy.max_token_lifetime} at most`)
  } else if (longestMs !== null && expiresAtMs - issuedAtMs > longestMs) {
    throw violation(`A token may live for ${policy.max_token_lifetime} at most`)
  }
}

/** 403 for a scope on an entity type that policy does not allow. */
export function assertEntityTypes(policy: Policy, scopes: readonly Pick<Scope, 'entityType'>[]): void {
  const allowed = policy.allowed_entity_types
  const forbidden = allowed === null ? undefined : scopes.find(({ entityType }) => !allowed.includes(entityType))
  if (forbidden !== undefined) throw violation(`Scopes on ${forbidden.entityType} are not allowed`)
}

/**
 * 403 when the owner has as many active tokens as policy allows, not counting the one named. Only right while the
 * owner is locked.
 */
export async function assertRoom(
  transaction: Write,
  policy: Policy,
  { ownerId, exceptId, nowMs }: { ownerId: string; exceptId: string | null; nowMs: number }
): Promise<void> {
  const most = policy.max_tokens_per_owner
  if (most === null) return
  const { active } = await transaction
    .selectFrom('tokens')
    .select((eb) => eb.fn.countAll<number>().as('active'))
    .where('owner_id', '=', ownerId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', new Date(nowMs))]))
    .$if(exceptId !== null, (query) => query.where('id', '<>', exceptId ?? ''))
    .executeTakeFirstOrThrow()
  if (active >= most) throw violation(`An owner may have ${most} active ${most === 1 ? 'token' : 'tokens'}`)
}

export function longestLifetimeMs(policy: Pick<Policy, 'max_token_lifetime'>): number | null {
  return policy.max_token_lifetime === null ? null : parseDuration(policy.max_token_lifetime)
}

function violation(detail: string): Fault {
  return new Fault('policy_violation', { detail })
}
