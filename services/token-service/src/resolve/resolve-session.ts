import type { ResolveAnswer } from '@patgate/contracts'
import { prepared } from '@patgate/database'
import { isExpired, type Role } from '@patgate/domain'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import type { ResolveDeps } from './resolve-token.ts'

interface FoundSession {
  readonly as_of: number
  readonly session_id: string
  readonly ended: boolean
  readonly created_at: Date
  readonly expires_at: Date
  readonly owner_id: string
  readonly owner_email: string
  readonly owner_name: string
  readonly owner_admin: boolean
  readonly owner_disabled: boolean
  readonly roles: Record<string, Role>
}

type Found = FoundSession | { readonly as_of: number; readonly session_id: null }

/**
 * What a signed-in person may do now, or why nothing. `sessionId` is null when the token was not one of ours. One
 * statement, as for tokens: state and `as_of` belong together.
 */
export async function resolveSession(
  { database, clock }: ResolveDeps,
  sessionId: string | null
): Promise<ResolveAnswer> {
  const found = await findSession(database, sessionId)
  const { as_of } = found
  if (found.session_id === null) return { as_of, valid: false, refusal: 'unknown', identity: null }
  const refusal = refusalOf(found, clock.now())
  if (refusal !== null) {
    const identity = { token_id: null, owner_id: found.owner_id, owner_name: found.owner_name }
    return { as_of, valid: false, refusal, identity }
  }
  return {
    as_of,
    valid: true,
    snapshot: {
      kind: 'session',
      token_id: null,
      session_id: found.session_id,
      owner: { id: found.owner_id, email: found.owner_email, name: found.owner_name },
      admin: found.owner_admin,
      expires_at: found.expires_at.toISOString(),
      issued_at: found.created_at.toISOString(),
      scopes: null,
      access_level: null,
      roles: found.roles,
      allowed_addresses: [],
      rate_limit: null
    }
  }
}

function refusalOf(found: FoundSession, nowMs: number): 'session_ended' | 'expired' | 'owner_disabled' | null {
  if (found.ended) return 'session_ended'
  if (isExpired(found.expires_at.getTime(), nowMs)) return 'expired'
  return found.owner_disabled ? 'owner_disabled' : null
}

async function findSession(database: Database, sessionId: string | null): Promise<Found> {
  const { rows } = await sql<Found>`${prepared('resolve-session')}
    select head.seq as as_of, session.id as session_id, session.created_at, session.expires_at,
      session.ended_at is not null as ended,
      owner.id as owner_id, owner.email as owner_email, owner.name as owner_name, owner.admin as owner_admin,
      owner.disabled_at is not null as owner_disabled,
      (select coalesce(jsonb_object_agg(group_slug, role), '{}') from memberships where user_id = owner.id) as roles
    from change_head head
    left join sessions session on session.id = ${sessionId}::uuid
    left join users owner on owner.id = session.user_id`.execute(database)
  const [found] = rows
  if (found === undefined) throw new Error('the head of the change log is missing')
  return found
}
