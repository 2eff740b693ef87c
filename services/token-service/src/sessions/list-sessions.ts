import type { SessionBody } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { cursorOf, DEFAULT_LIMIT, type PageWish, pageOf, positionIn, UUID_SHAPE } from '../lists/cursor.ts'

const POSITION = new RegExp(`^${UUID_SHAPE}$`)

/** The caller's sessions that are alive, newest first (their ids count up with time). */
export async function listSessions(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { limit = DEFAULT_LIMIT, cursor }: PageWish,
  { user, sessionId }: SessionPrincipal
): Promise<{ items: SessionBody[]; next_cursor: string | null }> {
  const [before] = cursor === undefined ? [] : positionIn(cursor, POSITION)
  const rows = await database
    .selectFrom('sessions')
    .select(['id', 'kind', 'created_at', 'expires_at', 'address', 'user_agent'])
    .where('user_id', '=', user.id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', new Date(clock.now()))
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const sessionBody = ({ created_at, expires_at, ...row }: (typeof rows)[number]): SessionBody => ({
    ...row,
    created_at: created_at.toISOString(),
    expires_at: expires_at.toISOString(),
    current: row.id === sessionId
  })
  return pageOf(rows, limit, sessionBody, (row) => cursorOf(row.id))
}
