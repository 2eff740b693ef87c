import type { RateLimit, ResolveAnswer, ScopeBody } from '@patgate/contracts'
import { prepared } from '@patgate/database'
import { isExpired, parseDuration, type Role } from '@patgate/domain'
import type { Clock } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { Database, RetiredReason } from '../database/schema.ts'
import type { ReuseWatch } from '../tokens/reuse/reuse-watch.ts'

export interface ResolveDeps {
  readonly database: Database
  readonly clock: Clock
  readonly reuseWatch: Pick<ReuseWatch, 'report'>
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
  /** Retired without an overlap, or with one that was ended. */
  readonly cut_off: boolean
  readonly retired_reason: RetiredReason | null
  readonly unused: boolean
  readonly access_level: Role | null
  readonly allowed_addresses: string[]
  readonly rate_limit: RateLimit | null
  readonly roles: Record<string, Role>
  readonly scopes: ScopeBody[]
  /** The longest lifetimes that policies allow, as durations: the instance's, and by slug those of the owner's groups. */
  readonly instance_cap: string | null
  readonly group_caps: Record<string, string>
}

type Found = FoundToken | { readonly as_of: number; readonly token_id: null }

/**
 * What a token may do now, or why it may do nothing. The first use of a secret is noted before the answer: a rotation
 * can be repeated only until then.
 */
export async function resolveToken(deps: ResolveDeps, digest: Buffer): Promise<ResolveAnswer> {
  const found = await findToken(deps.database, digest)
  const nowMs = deps.clock.now()
  if (found.token_id === null) return answerOn(found, nowMs)
  if (isRetired(found, nowMs) && found.retired_reason !== null) {
    deps.reuseWatch.report({ tokenId: found.token_id, retiredReason: found.retired_reason })
  }
  const answer = answerOn(found, nowMs)
  if (answer.valid && found.unused) await noteFirstUse(deps, digest)
  return answer
}

/** The same without a trace: a token that is only asked about was not used. */
export async function readTokenAnswer(
  { database, clock }: Pick<ResolveDeps, 'database' | 'clock'>,
  digest: Buffer
): Promise<ResolveAnswer> {
  return answerOn(await findToken(database, digest), clock.now())
}

/** What the token with this id may do by its present secret. One that is replaced in between is over, which is safe. */
export async function readAnswerById(
  deps: Pick<ResolveDeps, 'database' | 'clock'>,
  tokenId: string
): Promise<ResolveAnswer> {
  const secret = await deps.database
    .selectFrom('secrets')
    .select('digest')
    .where('token_id', '=', tokenId)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return readTokenAnswer(deps, secret?.digest ?? NO_DIGEST)
}

/** Of no secret. */
const NO_DIGEST = Buffer.alloc(32)

function answerOn(found: Found, nowMs: number): ResolveAnswer {
  const { as_of } = found
  if (found.token_id === null) return { as_of, valid: false, refusal: 'unknown', identity: null }
  const refusal = refusalOf(found, nowMs)
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
      expires_at: earliest(found.expires_at, found.retires_at, capOf(found, found.instance_cap))?.toISOString() ?? null,
      issued_at: found.issued_at.toISOString(),
      scopes: found.scopes,
      access_level: found.access_level,
      roles: found.roles,
      allowed_addresses: found.allowed_addresses,
      rate_limit: found.rate_limit,
      ...groupCaps(found)
    }
  }
}

function refusalOf(found: FoundToken, nowMs: number): 'revoked' | 'expired' | 'owner_disabled' | null {
  if (found.revoked || isRetired(found, nowMs)) return 'revoked'
  const expiresAt = earliest(found.expires_at, capOf(found, found.instance_cap))
  if (isExpired(expiresAt?.getTime() ?? null, nowMs)) return 'expired'
  return found.owner_disabled ? 'owner_disabled' : null
}

/** Cut off is a state and no matter of clocks: another replica's may be ahead of this one's. */
function isRetired({ cut_off, retires_at }: FoundToken, nowMs: number): boolean {
  return cut_off || isExpired(retires_at?.getTime() ?? null, nowMs)
}

/** A cap on lifetimes acts as an earlier expiry, counted from when this secret was issued (api.md, "policy"). */
function capOf({ issued_at }: FoundToken, duration: string | null): Date | null {
  const lifetimeMs = duration === null ? null : parseDuration(duration)
  return lifetimeMs === null ? null : new Date(issued_at.getTime() + lifetimeMs)
}

/** From when on each group's own cap refuses the token there; the gateway compares it with the clock. */
function groupCaps(found: FoundToken): { group_caps?: Record<string, string> } {
  const caps = Object.entries(found.group_caps).flatMap(([slug, duration]) => {
    const at = capOf(found, duration)
    return at === null ? [] : [[slug, at.toISOString()]]
  })
  return caps.length === 0 ? {} : { group_caps: Object.fromEntries(caps) }
}

function earliest(...times: (Date | null)[]): Date | null {
  return times.reduce((one, other) => (one === null || (other !== null && other < one) ? other : one), null)
}

async function noteFirstUse({ database, clock }: ResolveDeps, digest: Buffer): Promise<void> {
  await database
    .updateTable('secrets')
    .set({ last_used_at: new Date(clock.now()) })
    .where('digest', '=', digest)
    .where('last_used_at', 'is', null)
    .execute()
}

/** One statement: state and the head of the change log it belongs to (`as_of`) cannot part (coherence.md, "Resolve"). */
async function findToken(database: Database, digest: Buffer): Promise<Found> {
  const { rows } = await sql<Found>`${prepared('resolve-token')}
    select head.seq as as_of, token.id as token_id, token.access_level, token.allowed_addresses, token.expires_at,
      token.revoked_at is not null as revoked, secret.issued_at, secret.retires_at, secret.retired_reason,
      coalesce(secret.retires_at <= secret.retired_at, false) as cut_off,
      secret.last_used_at is null as unused,
      owner.id as owner_id, owner.kind as owner_kind, owner.email as owner_email, owner.name as owner_name,
      owner.admin as owner_admin, owner.disabled_at is not null as owner_disabled,
      case when token.rate_limit_requests is not null then jsonb_build_object(
        'requests', token.rate_limit_requests, 'per_seconds', token.rate_limit_per_seconds
      ) end as rate_limit,
      (select coalesce(jsonb_object_agg(group_slug, role), '{}') from memberships
        where user_id = owner.id and ${isOpen}) as roles,
      (select coalesce(jsonb_agg(jsonb_build_object(
        'id', id, 'group', coalesce(group_slug, '*'), 'entity_type', entity_type, 'entity_id', entity_id,
        'operations', operations
      ) order by group_slug nulls first, entity_type, entity_id), '[]') from scopes
        where token_id = token.id and (group_slug is null or ${isOpen})) as scopes,
      (select policy ->> 'max_token_lifetime' from instance_policy) as instance_cap,
      (select coalesce(jsonb_object_agg(slug, policy ->> 'max_token_lifetime'), '{}') from groups
        where policy ->> 'max_token_lifetime' is not null
          and slug in (select group_slug from memberships where user_id = owner.id)) as group_caps
    from change_head head
    left join secrets secret on secret.digest = ${digest}
    left join tokens token on token.id = secret.token_id
    left join users owner on owner.id = token.owner_id`.execute(database)
  const [found] = rows
  if (found === undefined) throw new Error('the head of the change log is missing')
  return found
}

/** Not a group whose maintainers have ended the token's rights there. */
const isOpen = sql`group_slug not in (select group_slug from group_blocks where token_id = token.id)`
