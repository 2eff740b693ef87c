import { prepared } from '@patgate/database'
import { Fault } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { TokenRow, Write } from '../database/schema.ts'

/** Locks a token's row until the transaction ends; 404 when it was deleted since the caller was let in. */
export async function lockToken(transaction: Write, id: string): Promise<TokenRow> {
  const { rows } = await sql<TokenRow>`${prepared('lock-token')}
    select id, owner_id, name, description, access_level, created_at, created_by, updated_at, expires_at,
      expiry_recorded_at, revoked_at, revoked_by, revoked_reason, revoked_rank, reuse_detected_at, self_rotate,
      last_used_at, last_used_address, allowed_addresses, rate_limit_requests, rate_limit_per_seconds
    from tokens where id = ${id} for update`.execute(transaction)
  const [token] = rows
  if (token === undefined) throw new Fault('not_found')
  return token
}

/**
 * Locks an owner, so that two calls that each add one active token count each other; 409 when the owner is disabled.
 * Owners are locked before tokens, everywhere: whoever disables or deletes somebody does it in that order too.
 */
export async function lockOwner(transaction: Write, ownerId: string): Promise<void> {
  const owner = await transaction
    .selectFrom('users')
    .select('disabled_at')
    .where('id', '=', ownerId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (owner?.disabled_at !== null) throw new Fault('conflict', { detail: 'The owner of the token is disabled' })
}

/** The groups in which somebody has a role. The rows are locked: a role that ends now ends before this, or after. */
export async function lockGroupsOf(transaction: Write, userId: string): Promise<Set<string>> {
  const rows = await transaction
    .selectFrom('memberships')
    .select('group_slug')
    .where('user_id', '=', userId)
    .orderBy('group_slug')
    .forShare()
    .execute()
  return new Set(rows.map((row) => row.group_slug))
}
