import type { BotBody } from '@patgate/contracts'
import { ranksAtLeast } from '@patgate/domain'
import { type Clock, Fault } from '@patgate/service-kit'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { readGroup } from '../groups/read-group.ts'
import { cursorOf, DEFAULT_LIMIT, type PageWish, pageOf, positionIn, UUID_SHAPE } from '../lists/cursor.ts'
import { botBody, selectBots } from './bot-body.ts'

const POSITION = new RegExp(`^${UUID_SHAPE}$`)

/** A group's bots, oldest first, for its maintainers and owners, and for administrators. */
export async function listBots(
  deps: { readonly database: Database; readonly clock: Clock },
  slug: string,
  { limit = DEFAULT_LIMIT, cursor }: PageWish,
  principal: SessionPrincipal
): Promise<{ items: BotBody[]; next_cursor: string | null }> {
  const { role } = await readGroup(deps, slug, principal)
  if (!principal.user.admin && (role === null || !ranksAtLeast(role, 'maintainer'))) {
    throw new Fault('forbidden', { detail: "Maintainers and owners see a group's bots" })
  }
  const [after] = cursor === undefined ? [] : positionIn(cursor, POSITION)
  const rows = await selectBots(deps.database, slug, deps.clock.now())
    .$if(after !== undefined, (query) => query.where('users.id', '>', after ?? ''))
    .orderBy('users.id')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, botBody, (row) => cursorOf(row.id))
}
