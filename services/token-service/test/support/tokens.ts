import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../src/database/schema.ts'

/** Puts tokens into the database, more than anybody would create by hand. Answers their ids. */
export async function plantTokens(
  database: Database,
  ownerId: string,
  count: number,
  group?: string
): Promise<string[]> {
  const now = new Date()
  const ids = Array.from({ length: count }, () => uuidv7())
  const token = { owner_id: ownerId, description: '', access_level: null, created_by: ownerId, expires_at: null }
  const settings = {
    self_rotate: false,
    allowed_addresses: [],
    rate_limit_requests: null,
    rate_limit_per_seconds: null
  }
  await database
    .insertInto('tokens')
    .values(
      ids.map((id, index) => ({ id, name: `token ${index}`, created_at: now, updated_at: now, ...token, ...settings }))
    )
    .execute()
  await database
    .insertInto('secrets')
    .values(ids.map((id) => ({ digest: randomBytes(32), token_id: id, hint: 'pat_0000…0000', issued_at: now })))
    .execute()
  if (group !== undefined) {
    const scope = { group_slug: group, entity_type: 'dashboard', entity_id: '*', operations: ['read' as const] }
    await database
      .insertInto('scopes')
      .values(ids.map((id) => ({ id: uuidv7(), token_id: id, ...scope })))
      .execute()
  }
  return ids
}
