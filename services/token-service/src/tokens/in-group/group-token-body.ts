import type { GroupTokenBody, ScopeBody } from '@patgate/contracts'
import { ANY } from '@patgate/domain'
import { type SqlBool, sql } from 'kysely'
import type { Database } from '../../database/schema.ts'

/** A token as the maintainers of groups see it; `groups` are those of theirs that it names. */
export interface WatchedToken {
  readonly id: string
  readonly name: string
  readonly created_at: Date
  readonly hint: string
  readonly owner_id: string
  readonly owner_kind: 'human' | 'bot'
  readonly owner_name: string
  readonly scopes: ScopeBody[]
  readonly blocked_in: string[]
}

/** Selects what maintainers may see of tokens; the caller adds which. */
export function selectWatchedTokens(database: Database) {
  return database
    .selectFrom('tokens as token')
    .innerJoin('users as owner', 'owner.id', 'token.owner_id')
    .innerJoin('secrets as current', (join) =>
      join.onRef('current.token_id', '=', 'token.id').on('current.retired_at', 'is', null)
    )
    .select(['token.id', 'token.name', 'token.created_at', 'current.hint'])
    .select(['owner.id as owner_id', 'owner.kind as owner_kind', 'owner.name as owner_name'])
    .select([scopesOf().as('scopes'), blocksOf().as('blocked_in')])
}

/** Only what concerns these groups: that a scope on every group reaches others too is not theirs to know. */
export function groupTokenBody(token: WatchedToken, groups: readonly string[]): GroupTokenBody {
  const { id, name, hint, owner_id, owner_kind, owner_name } = token
  return {
    id,
    name,
    hint,
    owner: { id: owner_id, kind: owner_kind, name: owner_name },
    scopes: token.scopes.flatMap((scope) =>
      groups.filter((group) => scope.group === group || scope.group === ANY).map((group) => ({ ...scope, group }))
    ),
    blocked_in: token.blocked_in.filter((group) => groups.includes(group))
  }
}

/** SQL: whether the row `token` names this group, by its slug or, where its owner has a role in it, by `*`. */
export function reaches(slug: string) {
  return sql<SqlBool>`(
    token.id in (select token_id from scopes where group_slug = ${slug})
    or (
      token.owner_id in (select user_id from memberships where group_slug = ${slug})
      and exists (select from scopes where token_id = token.id and group_slug is null)
    )
  )`
}

function scopesOf() {
  return sql<ScopeBody[]>`(
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', id, 'group', coalesce(group_slug, '*'), 'entity_type', entity_type, 'entity_id', entity_id,
      'operations', operations
    ) order by group_slug nulls first, entity_type, entity_id), '[]') from scopes where token_id = token.id
  )`
}

function blocksOf() {
  return sql<string[]>`array(select group_slug from group_blocks where token_id = token.id order by group_slug)`
}
