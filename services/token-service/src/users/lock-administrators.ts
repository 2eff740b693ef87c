import { Fault } from '@patgate/service-kit'
import type { UserRow, Write } from '../database/schema.ts'

/**
 * A person and everybody who administers the instance, in id order, so that the last two administrators cannot remove
 * each other, or wait for each other for ever.
 */
export function lockUserAndAdministrators(transaction: Write, id: string): Promise<UserRow[]> {
  return transaction
    .selectFrom('users')
    .selectAll()
    .where('kind', '=', 'human')
    .where('deleted_at', 'is', null)
    .where((eb) => eb.or([eb('id', '=', id), eb('admin', '=', true)]))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

/** 409 when nobody of these could administer the instance. */
export function assertAdministered(users: readonly UserRow[]): void {
  if (users.some((user) => user.admin && user.disabled_at === null)) return
  throw new Fault('conflict', { detail: 'An instance keeps at least one administrator' })
}
