import { prepared } from '@patgate/database'
import { lowerRole, type Role, ranksAtLeast } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'

/**
 * How a caller stands to a token: the rows of "Who may do what with another's token" (api.md, "Who may call").
 * A watcher maintains a group that somebody else's token names. To everybody else the token does not exist.
 */
export type Standing =
  | { readonly kind: 'owner' }
  | { readonly kind: 'manager'; readonly role: Role; readonly botRole: Role }
  | { readonly kind: 'admin' }
  | { readonly kind: 'watcher'; readonly groups: readonly string[] }

/**
 * What somebody wants with a token: `end` takes it away, `change` alters it without giving it more, `empower` gives it
 * more rights, more time or a new secret, `restore` gives back what was taken.
 */
export type Intent = 'end' | 'change' | 'empower' | 'restore'

/** Whose a token is, and how the caller stands to it. */
export interface TokenAccess {
  readonly ownerId: string
  readonly accessLevel: Role | null
  readonly standing: Standing
}

interface Found {
  /** Null where there is no such token. */
  readonly owner_id: string | null
  readonly access_level: Role | null
  readonly bot_role: Role | null
  readonly caller_role: Role | null
  readonly watched_groups: string[]
}

/** The caller's access for this intent: 404 for whom the token does not exist, 403 for who sees it and may not do this. */
export async function authorize(
  database: Database,
  tokenId: string,
  principal: SessionPrincipal,
  intent: Intent
): Promise<TokenAccess> {
  const access = await accessTo(database, tokenId, principal)
  assertMay(access, intent)
  return access
}

/**
 * How the caller stands to a token; 404 where they do not at all. One statement, which does the same work whether the
 * token belongs to a stranger or to nobody, and waits for no lock: neither answer nor time tells the two apart.
 */
export async function accessTo(database: Database, tokenId: string, { user }: SessionPrincipal): Promise<TokenAccess> {
  const { rows } = await sql<Found>`${prepared('token-access')}
    select token.owner_id, token.access_level, home.role as bot_role, mine.role as caller_role,
      ${watchedGroups(user.id)} as watched_groups
    from (select ${tokenId}::uuid as id) asked
    left join tokens token on token.id = asked.id
    -- Of a token that is not there, the caller's own row is read instead: that takes as long.
    left join users owner on owner.id = coalesce(token.owner_id, ${user.id}::uuid)
    left join memberships home on home.user_id = owner.id and home.group_slug = coalesce(owner.home_group, '')
    left join memberships mine on mine.group_slug = coalesce(home.group_slug, '') and mine.user_id = ${user.id}`.execute(
    database
  )
  const [found] = rows
  const standing = found === undefined ? null : standingIn(found, user)
  if (found === undefined || found.owner_id === null || standing === null) throw new Fault('not_found')
  return { ownerId: found.owner_id, accessLevel: found.access_level, standing }
}

/**
 * SQL: the groups that somebody maintains and the row `token` names: by their slug or, where its owner has a role in
 * them, by `*`.
 */
export function watchedGroups(userId: string) {
  return sql<string[]>`array(
    select watched.group_slug from memberships watched
    where watched.user_id = ${userId} and watched.role in ('maintainer', 'owner') and exists (
      select from scopes naming where naming.token_id = token.id and (
        naming.group_slug = watched.group_slug or (naming.group_slug is null and exists (
          select from memberships theirs
          where theirs.user_id = token.owner_id and theirs.group_slug = watched.group_slug
        ))
      )
    )
    order by watched.group_slug
  )`
}

/** Whoever hands out a bot's secret hands out its role: at most their own (api.md, "Groups, members, bots, users"). */
export function assertGivesNoMore(role: Role, botRole: Role, accessLevel: Role | null): void {
  const given = accessLevel === null ? botRole : lowerRole(botRole, accessLevel)
  if (!ranksAtLeast(role, given)) throw new Fault('forbidden', { detail: 'Nobody gives more than their own role' })
}

function standingIn(found: Found, user: SessionPrincipal['user']): Standing | null {
  const { owner_id, bot_role: botRole, caller_role: role, watched_groups: groups } = found
  if (owner_id === null) return null
  if (owner_id === user.id) return { kind: 'owner' }
  if (botRole !== null && role !== null && ranksAtLeast(role, 'maintainer')) return { kind: 'manager', role, botRole }
  if (user.admin) return { kind: 'admin' }
  return groups.length > 0 ? { kind: 'watcher', groups } : null
}

function assertMay({ standing, accessLevel }: TokenAccess, intent: Intent): void {
  if (standing.kind === 'watcher') {
    throw new Fault('forbidden', { detail: "You may end this token's rights in your group, and no more" })
  }
  if (standing.kind === 'admin' && (intent === 'change' || intent === 'empower')) {
    throw new Fault('forbidden', { detail: 'Administrators list, read, revoke and delete the tokens of others' })
  }
  if (standing.kind === 'manager' && (intent === 'empower' || intent === 'restore')) {
    assertGivesNoMore(standing.role, standing.botRole, accessLevel)
  }
}
