import { Fault } from '@patgate/service-kit'
import type { UserRow, Write } from '../database/schema.ts'

/** Locks a bot of a group; undefined when there is none. Before the group, as with every owner of tokens. */
export function lockBot(transaction: Write, slug: string, id: string): Promise<UserRow | undefined> {
  return transaction
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .where('kind', '=', 'bot')
    .where('home_group', '=', slug)
    .where('deleted_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** Said only to those who may know the group's bots: 404 for one that is not there. */
export function assertBot(bot: UserRow | undefined): asserts bot is UserRow {
  if (bot === undefined) throw new Fault('not_found', { detail: 'The group has no such bot' })
}
