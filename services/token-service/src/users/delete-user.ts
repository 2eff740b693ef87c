import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import { endTokensOf } from './end-tokens.ts'
import { assertAdministered, lockUserAndAdministrators } from './lock-administrators.ts'
import { markDeleted } from './mark-deleted.ts'

/**
 * Deletes a person: sessions, roles and tokens end, and the email becomes free. A group whose last owner goes this way
 * waits for an administrator to appoint another.
 */
export async function deleteUser(deps: ChangeDeps, id: string, { origin }: Caller): Promise<void> {
  await commitChange(deps, async (transaction) => {
    const locked = await lockUserAndAdministrators(transaction, id)
    const user = locked.find((one) => one.id === id)
    if (user === undefined) throw new Fault('not_found')
    assertAdministered(locked.filter((one) => one.id !== id))
    await markDeleted(transaction, id, new Date(deps.clock.now()))
    const target = { type: 'user', id }
    const event = { type: 'user.deleted' as const, origin, target, details: { name: user.name } }
    return { result: null, changes: [{ selector: { owner_id: id }, event }] }
  })
  await endTokensOf(deps, { ownerId: id, origin })
}
