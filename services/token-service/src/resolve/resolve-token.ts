import type { RateLimit, ResolveAnswer, ScopeBody } from '@patgate/contracts'
import { isExpired, type Role } from '@patgate/domain'
import type { Clock } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'

export interface ResolveDeps {
  readonly database: Database
  readonly clock: Clock
}

interface FoundToken {
  readonly as_of: number
  readonly token_id: string
  readonly owner_id: string
  readonly owner_kind: 'human' | 'bot'
  readonly owner_email: string
  readonly owner_name: string
  readonly owner_admin: boolean
  readonly owner_disabled: boolean
  readonly revoked: boolean
  readonly expires_at: Date | null
  readonly issued_at: Date
  readonly retires_at: Date | null
  readonly access_level: Role | null
  readonly allowed_addresses: string[]
  readonly rate_limit: RateLimit | null
  readonly roles: Record<string, Role>
  readonly scopes: ScopeBody[]
}

type Found = FoundToken | { readonly as_of: number; readonly token_id: null }

/**
 * What a token may do now, or why it may do nothing. One statement, so that the state and the head of the change log
 * it belongs to (`as_of`) cannot part (coherence.md, "Resolve").
 */
export async function resolveToken({ database, clock }: ResolveDeps, digest: Buffer): Promise<ResolveAnswer> {
  const found = await findToken(database, digest)
  const { as_of } = found
  if (found.token_id === null) return { as_of, valid: false, refusal: 'unknown', identity: null }
  const refusal = refusalOf(found, clock.now())
  if (refusal !== null) {
    const identity = { token_id: found.token_id, owner_id: found.owner_id, owner_name: found.owner_name }
    return { as_of, valid: false, refusal, identity }
  }
  return {
    as_of,
    valid: true,
    snapshot: {
      kind: found.owner_kind,
      token_id: found.token_id,
      session_id: null,
      owner: { id: found.owner_id, email: found.owner_email, name: found.owner_name },
      admin: found.owner_admin,
      expires_at: earlier(found.expires_at, found.retires_at)?.toISOString() ?? null,
      issued_at: found.issued_at.toISOString(),
      scopes: found.scopes,
      access_level: found.access_level,
      roles: found.roles,
      allowed_addresses: found.allowed_addresses,
      rate_limit: found.rate_limit
    }
  }
}

function refusalOf(found: FoundToken, nowMs: number): 'revoked' | 'expired' | 'owner_disabled' | null {
  const isRetired = isExpired(found.retires_at?.getTime() ?? null, nowMs)
  if (found.revoked || isRetired) return 'revoked'
  if (isExpired(found.expires_at?.getTime() ?? null, nowMs)) return 'expired'
  return found.owner_disabled ? 'owner_disabled' : null
}

/** A retired secret dies when its overlap ends, and never later than the token. */
function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

async function findToken(database: Database, digest: Buffer): Promise<Found> {
  const { rows } = await sql<Found>`
    select head.seq as as_of, token.id as token_id, token.access_level, token.allowed_addresses, token.expires_at,
      token.revoked_at is not null as revoked, secret.issued_at, secret.retires_at,
      owner.id as owner_id, owner.kind as owner_kind, owner.email as owner_email, owner.name as owner_name,
      owner.admin as owner_admin, owner.disabled_at is not null as owner_disabled,
      case when token.rate_limit_requests is not null then jsonb_build_object(
        'requests', token.rate_limit_requests, 'per_seconds', token.rate_limit_per_seconds
      ) end as rate_limit,
      (select coalesce(jsonb_object_agg(group_slug, role), '{}') from memberships where user_id = owner.id) as roles,
      (select coalesce(jsonb_agg(jsonb_build_object(
        'id', id, 'group', coalesce(group_slug, '*'), 'entity_type', entity_type, 'entity_id', entity_id,
        'operations', operations
      ) order by group_slug nulls first, entity_type, entity_id), '[]') from scopes where token_id = token.id) as scopes
    from change_head head
    left join secrets secret on secret.digest = ${digest}
    left join tokens token on token.id = secret.token_id
    left join users owner on owner.id = token.owner_id`.execute(database)
  const [found] = rows
  if (found === undefined) throw new Error('the head of the change log is missing')
  return found
}
