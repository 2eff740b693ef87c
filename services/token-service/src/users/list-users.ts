import type { UserBody } from '@patgate/contracts'
import type { Database } from '../database/schema.ts'
import { cursorOf, DEFAULT_LIMIT, type PageWish, pageOf, positionIn, UUID_SHAPE } from '../lists/cursor.ts'
import { userBody } from './user-body.ts'

const POSITION = new RegExp(`^${UUID_SHAPE}$`)

/** People, in the order of their creation (their ids count up with time). */
export async function listUsers(
  { database }: { readonly database: Database },
  { limit = DEFAULT_LIMIT, cursor }: PageWish
): Promise<{ items: UserBody[]; next_cursor: string | null }> {
  const [after] = cursor === undefined ? [] : positionIn(cursor, POSITION)
  const rows = await database
    .selectFrom('users')
    .selectAll()
    .where('kind', '=', 'human')
    .where('deleted_at', 'is', null)
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, userBody, (row) => cursorOf(row.id))
}
