import type { CreateTokenBody } from '@patgate/contracts'
import { ranksAtLeast } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import type { Database } from '../database/schema.ts'
import { assertGivesNoMore } from './token-authority.ts'

/**
 * Who will own a token that the caller makes: they themselves, or a bot of a group in which they are maintainer or
 * owner. Of a bot, members learn that they may not (403); strangers, and whoever names a person, learn nothing (404).
 */
export async function futureOwner(
  database: Database,
  { principal }: Caller,
  { owner, access_level: accessLevel }: Pick<CreateTokenBody, 'owner' | 'access_level'>
): Promise<string> {
  if (owner === undefined || owner === principal.user.id) return principal.user.id
  const bot = await database
    .selectFrom('users as bot')
    .innerJoin('memberships as home', (join) =>
      join.onRef('home.user_id', '=', 'bot.id').onRef('home.group_slug', '=', 'bot.home_group')
    )
    .leftJoin('memberships as mine', (join) =>
      join.onRef('mine.group_slug', '=', 'home.group_slug').on('mine.user_id', '=', principal.user.id)
    )
    .select(['home.role as bot_role', 'mine.role as caller_role'])
    .where('bot.id', '=', owner)
    .where('bot.kind', '=', 'bot')
    .executeTakeFirst()
  if (bot === undefined || (bot.caller_role === null && !principal.user.admin)) throw new Fault('not_found')
  if (bot.caller_role === null || !ranksAtLeast(bot.caller_role, 'maintainer')) {
    throw new Fault('forbidden', { detail: "Maintainers and owners of the bot's group manage its tokens" })
  }
  assertGivesNoMore(bot.caller_role, bot.bot_role, accessLevel ?? null)
  return owner
}
