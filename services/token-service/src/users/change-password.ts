import type { PutPasswordBody, UserBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { commitChange } from '../changes/record-change.ts'
import { type CheckPasswordDeps, checkOwnPassword } from '../sessions/check-own-password.ts'
import { hashPassword } from '../sessions/password.ts'
import { endSessionsOf } from './mark-deleted.ts'
import { userBody } from './user-body.ts'

/** Changes the caller's own password. Their other sessions end: whoever knew the old one is out. */
export async function changePassword(
  deps: CheckPasswordDeps,
  caller: Caller,
  body: PutPasswordBody
): Promise<UserBody> {
  const { principal, origin } = caller
  const id = principal.user.id
  const checkedHash = await checkOwnPassword(deps, caller, body.current)
  const passwordHash = await hashPassword(body.new)
  const { result } = await commitChange(deps, async (transaction) => {
    const now = new Date(deps.clock.now())
    const user = await transaction
      .updateTable('users')
      .set({ password_hash: passwordHash, updated_at: now })
      .where('id', '=', id)
      .where('password_hash', '=', checkedHash)
      .where('disabled_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    // Somebody else has changed or reset it while this one was being checked.
    if (user === undefined) throw new Fault('invalid_credentials')
    await endSessionsOf(transaction, id, now, principal.sessionId)
    const target = { type: 'user', id }
    const event = { type: 'user.updated' as const, origin, target, reason: 'password_changed' }
    return { result: userBody(user), changes: [{ selector: { owner_id: id }, event }] }
  })
  return result
}
