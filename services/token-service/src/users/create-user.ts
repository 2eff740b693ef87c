import type { CreateUserBody, UserBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import { hashPassword } from '../sessions/password.ts'
import { insertPerson, userCreated } from './insert-person.ts'
import { userBody } from './user-body.ts'

/** Adds a person; without a password they can sign in by OIDC only. An email that is taken, in whatever case: 409. */
export async function createUser(deps: ChangeDeps, caller: Caller, body: CreateUserBody): Promise<UserBody> {
  const { email, name, password } = body
  const passwordHash = password === undefined ? null : await hashPassword(password)
  const { result } = await commitChange(deps, async (transaction) => {
    const person = { email, name, admin: false, passwordHash }
    const user = await insertPerson(transaction, person, deps.clock.now())
    if (user === null) throw new Fault('conflict', { detail: 'The email is taken' })
    return { result: userBody(user), changes: [{ selector: null, event: userCreated(user, caller.origin) }] }
  })
  return result
}
