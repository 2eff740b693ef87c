import type { GroupBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { groupBody, selectGroups } from './group-body.ts'

/** One group, for its members and for administrators; to everybody else it does not exist. */
export async function readGroup(
  { database }: { readonly database: Database },
  slug: string,
  { user }: SessionPrincipal
): Promise<GroupBody> {
  const row = await selectGroups(database, user.id).where('groups.slug', '=', slug).executeTakeFirst()
  if (row === undefined || (row.role === null && !user.admin)) throw new Fault('not_found')
  return groupBody(row)
}
