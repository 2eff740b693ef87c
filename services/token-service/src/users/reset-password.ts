import { randomBytes } from 'node:crypto'
import type { UserWithPassword } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import { hashPassword } from '../sessions/password.ts'
import { endSessionsOf } from './mark-deleted.ts'
import { userBody } from './user-body.ts'

const PASSWORD_BYTES = 15

/**
 * Gives a person a new password, drawn at random, for an administrator to hand over: it is in this answer and nowhere
 * else. All their sessions end; their tokens go on.
 */
export async function resetPassword(deps: ChangeDeps, id: string, { origin }: Caller): Promise<UserWithPassword> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  const passwordHash = await hashPassword(password)
  const { result } = await commitChange(deps, async (transaction) => {
    const now = new Date(deps.clock.now())
    const user = await transaction
      .updateTable('users')
      .set({ password_hash: passwordHash, updated_at: now })
      .where('id', '=', id)
      .where('kind', '=', 'human')
      .where('deleted_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (user === undefined) throw new Fault('not_found')
    await endSessionsOf(transaction, id, now)
    const target = { type: 'user', id }
    const event = { type: 'user.updated' as const, origin, target, reason: 'password_reset' }
    return { result: userBody(user), changes: [{ selector: { owner_id: id }, event }] }
  })
  return { ...result, password }
}
