import type { BotBody } from '@patgate/contracts'
import type { Role } from '@patgate/domain'
import type { Database } from '../database/schema.ts'

export interface BotRow {
  id: string
  name: string
  email: string
  role: Role
  created_by: string | null
  active_tokens: number
}

/** Selects a group's bots with their roles, and how many of their tokens work now. */
export function selectBots(database: Database, slug: string, nowMs: number) {
  return database
    .selectFrom('users')
    .innerJoin('memberships', (join) =>
      join.onRef('memberships.user_id', '=', 'users.id').onRef('memberships.group_slug', '=', 'users.home_group')
    )
    .select((eb) => [
      'users.id',
      'users.name',
      'users.email',
      'users.created_by',
      'memberships.role',
      eb
        .selectFrom('tokens')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .whereRef('tokens.owner_id', '=', 'users.id')
        .where('tokens.revoked_at', 'is', null)
        .where((eb) => eb.or([eb('tokens.expires_at', 'is', null), eb('tokens.expires_at', '>', new Date(nowMs))]))
        .$asScalar()
        .$notNull()
        .as('active_tokens')
    ])
    .where('users.kind', '=', 'bot')
    .where('users.home_group', '=', slug)
    .where('users.deleted_at', 'is', null)
}

export function botBody({ id, name, email, role, created_by, active_tokens }: BotRow): BotBody {
  if (created_by === null) throw new Error('a bot that nobody made')
  return { id, name, email, role, active_tokens, created_by }
}
