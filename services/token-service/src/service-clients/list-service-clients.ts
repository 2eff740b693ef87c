import type { ServiceClientBody } from '@patgate/contracts'
import type { Database } from '../database/schema.ts'
import { cursorOf, DEFAULT_LIMIT, type PageWish, pageOf, positionIn, UUID_SHAPE } from '../lists/cursor.ts'
import { selectServiceClients, serviceClientBody } from './service-client-body.ts'

const POSITION = new RegExp(`^${UUID_SHAPE}$`)

/** Service clients, oldest first; never a secret, nor its digest. */
export async function listServiceClients(
  { database }: { readonly database: Database },
  { limit = DEFAULT_LIMIT, cursor }: PageWish
): Promise<{ items: ServiceClientBody[]; next_cursor: string | null }> {
  const [after] = cursor === undefined ? [] : positionIn(cursor, POSITION)
  const rows = await selectServiceClients(database)
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, serviceClientBody, (row) => cursorOf(row.id))
}
