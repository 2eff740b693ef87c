import type { Write } from '../database/schema.ts'

/**
 * Makes somebody as good as gone: no email, no password, no role, no session. The row and the name stay, because tokens
 * and events go on naming their owner. The email becomes free, and can be nobody's (RFC 2606, `.invalid`).
 */
export async function markDeleted(transaction: Write, id: string, now: Date): Promise<void> {
  await transaction
    .updateTable('users')
    .set((eb) => ({
      email: `${id}@deleted.invalid`,
      password_hash: null,
      admin: false,
      disabled_at: eb.fn.coalesce('disabled_at', eb.val(now)),
      deleted_at: now,
      updated_at: now
    }))
    .where('id', '=', id)
    .execute()
  await transaction.deleteFrom('memberships').where('user_id', '=', id).execute()
  await transaction.deleteFrom('oidc_identities').where('user_id', '=', id).execute()
  await endSessionsOf(transaction, id, now)
}

/** Ends all sessions of a person, or all but one. */
export async function endSessionsOf(transaction: Write, userId: string, now: Date, exceptId?: string): Promise<void> {
  await transaction
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .$if(exceptId !== undefined, (query) => query.where('id', '<>', exceptId ?? ''))
    .execute()
}
