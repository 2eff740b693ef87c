import { sql } from 'kysely'
import type { Origin } from '../changes/event.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import type { SignInFailure } from '../sessions/record-failure.ts'
import type { Identity } from './identity.ts'

export type Identified =
  | { readonly userId: string; readonly failure: null }
  | { readonly userId: string | null; readonly failure: SignInFailure }

/**
 * Who somebody is here whom the provider vouches for. The first time they are found by their email, if the provider has
 * verified it; from then on by the provider's own name for them alone. An email that passes to somebody else at the
 * provider therefore does not pass on the person here. Nobody is created: administrators add people.
 */
export async function identifyPerson(deps: ChangeDeps, identity: Identity, origin: Origin): Promise<Identified> {
  const { result } = await commitChange<Identified>(deps, async (transaction) => {
    const known = await linkedUser(transaction, identity)
    if (known !== undefined) return { result: { userId: known, failure: null }, changes: [] }
    if (identity.email === null || !identity.isEmailVerified) return failed('email_not_verified', null)
    const user = await lockByEmail(transaction, identity.email)
    if (user === undefined) return failed('unknown_email', null)
    if (user.disabled_at !== null) return failed('user_disabled', user.id)
    const linked = await transaction
      .insertInto('oidc_identities')
      .values({
        issuer: identity.issuer,
        subject: identity.subject,
        user_id: user.id,
        linked_at: new Date(deps.clock.now())
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (linked.numInsertedOrUpdatedRows === 0n) return failed('other_identity', user.id)
    const target = { type: 'user', id: user.id }
    const details = { issuer: identity.issuer }
    const event = { type: 'user.updated' as const, origin, target, reason: 'oidc_linked', details }
    return { result: { userId: user.id, failure: null }, changes: [{ selector: null, event }] }
  })
  return result
}

function failed(failure: SignInFailure, userId: string | null) {
  return { result: { userId, failure }, changes: [] }
}

async function linkedUser(transaction: Write, { issuer, subject }: Identity): Promise<string | undefined> {
  const row = await transaction
    .selectFrom('oidc_identities')
    .select('user_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row?.user_id
}

/** Locked, so that two first sign-ins of one person link one after the other. */
function lockByEmail(transaction: Write, email: string) {
  return transaction
    .selectFrom('users')
    .select(['id', 'disabled_at'])
    .where(sql`lower(email)`, '=', sql`lower(${email})`)
    .where('kind', '=', 'human')
    .forNoKeyUpdate()
    .executeTakeFirst()
}
