import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { isPassword } from './password.ts'
import { recordFailure } from './record-failure.ts'
import type { SignInLimits } from './sign-in-limits.ts'

export interface CheckPasswordDeps extends ChangeDeps {
  readonly signInLimits: SignInLimits
}

/**
 * Asks somebody who is signed in for their password again, with the limits of signing in: a session that was left open
 * must not become a way to guess it. Answers the hash that it matched; 401 otherwise.
 */
export async function checkOwnPassword(deps: CheckPasswordDeps, caller: Caller, password: string): Promise<string> {
  const { user } = caller.principal
  const attempt = { address: caller.origin.actor.address ?? 'unknown', email: user.email }
  await deps.signInLimits.begin(attempt)
  const row = await deps.database
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', user.id)
    .executeTakeFirst()
  const hash = row?.password_hash ?? null
  if (!(await isPassword(password, hash)) || hash === null) {
    await recordFailure(deps, caller.origin, 'wrong_password', user.id)
    throw new Fault('invalid_credentials', { detail: 'The password is not the present one' })
  }
  await deps.signInLimits.succeed(attempt)
  return hash
}
