import type { UserBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Database } from '../database/schema.ts'
import { userBody } from './user-body.ts'

export async function readUser({ database }: { readonly database: Database }, id: string): Promise<UserBody> {
  const row = await database
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .where('kind', '=', 'human')
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw new Fault('not_found')
  return userBody(row)
}
